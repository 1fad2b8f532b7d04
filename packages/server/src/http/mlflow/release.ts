/** The release of MLflow that its wire is answered as; clients send spans, and more, only to servers that are new enough. */
export const mlflowRelease = '3.17.2';
