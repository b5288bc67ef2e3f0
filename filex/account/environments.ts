/** Where one fileX environment answers. URLs carry no trailing slash. */
export interface Endpoints {
	/** Base URL of the REST API, e.g. `https://filex.finra.org`. */
	rest: string;
	/** Base URL of the FINRA Identity Platform, e.g. `https://ews.fip.finra.org`. */
	fip: string;
	sftp: { host: string; port: number };
	/** Base URL of S3, e.g. `http://127.0.0.1:9000`; AWS itself, in the region of the token, where absent. */
	s3?: string;
}

export type EnvironmentName = 'production' | 'customerTest' | 'qa';

/** Hosts of FINRA's own environments (fileX User Guide 1.4.0, section 3). */
export const ENVIRONMENTS: Record<EnvironmentName, Endpoints> = {
	production: endpoints('filex.finra.org', 'ews.fip.finra.org'),
	customerTest: endpoints('filex.ct.finra.org', 'ews.fip.finra.org'),
	qa: endpoints('filex-int.qa.finra.org', 'ews-qaint.fip.qa.finra.org'),
};

function endpoints(filex: string, fip: string): Endpoints {
	return { rest: `https://${filex}`, fip: `https://${fip}`, sftp: { host: filex, port: 22 } };
}
