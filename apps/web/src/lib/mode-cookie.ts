/** Remembers which of the customer's two accounts the dashboard shows. */
export const modeCookie = 'hourly-mode';
