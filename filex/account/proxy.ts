/** A proxy that lets connections through: HTTP's by CONNECT, or SOCKS. */
export interface ConnectProxy {
	/** What it is called in errors, e.g. `the SFTP proxy`. */
	title: string;
	/** `http://`, `https://` or `socks5://` and the like, host and port; without user name and password. */
	url: string;
	/** '' where it needs no login. */
	username: string;
	password: string;
	/** The field or setting that names it. */
	field: string;
}
