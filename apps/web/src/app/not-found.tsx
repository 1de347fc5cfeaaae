import Link from 'next/link';
import { Logo } from '../components/frame/logo.tsx';
import { buttonClasses } from '../components/ui/button.tsx';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-6 px-4 text-center">
      <Logo />
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">There is nothing here</h1>
        <p className="mt-2 text-sm text-ink-soft">The address may be mistyped.</p>
      </div>
      <Link href="/" className={buttonClasses()}>
        To the start
      </Link>
    </main>
  );
}
