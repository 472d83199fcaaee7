// Imported before everything else: unless it is told that this is production when it is loaded, graphql-js checks the class of every value in a slow way.
process.env.NODE_ENV ??= 'production';

export {};
