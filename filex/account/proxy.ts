/** An HTTP proxy that lets connections through by CONNECT. */
export interface ConnectProxy {
	/** What it is called in errors, e.g. `the SFTP proxy`. */
	title: string;
	/** `http://` or `https://`, host and port; without user name and password. */
	url: string;
	/** '' where it needs no login. */
	username: string;
	password: string;
	/** The field or setting that names it. */
	field: string;
}
