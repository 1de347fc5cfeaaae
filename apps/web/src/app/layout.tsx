import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Theme } from '../components/frame/theme.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Hourly', template: '%s · Hourly' },
  description: 'Unlimited image generation, paid by the hour from a prepaid balance.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf9' },
    { media: '(prefers-color-scheme: dark)', color: '#0d0c0b' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      // next-themes sets the theme's class before React takes over.
      suppressHydrationWarning
    >
      <body className="min-h-dvh">
        <Theme>{children}</Theme>
      </body>
    </html>
  );
}
