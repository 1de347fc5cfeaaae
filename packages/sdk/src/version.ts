/** This package's version, told to the server with every call. A test holds it equal to package.json's. */
export const version = '0.1.0';
