import type { Account } from '../account/account';
import type { LoginGuard } from '../account/login-guard';
import type { FileXError } from '../errors';
import type { Egress } from '../http/egress';
import type { FileXHttp, Http } from '../http/port';
import type { FilePath, SpacePath } from '../places/paths';
import type { SftpSpace } from '../sftp/sftp-space';
import type { RemoteDirectory } from '../space';
import type { KeyedSemaphore } from '../util/semaphore';
import type { Program } from './environment';
import type { Observed } from './observed';

export interface DiagnosticPorts {
	/** Without credentials. */
	http: Http;
	egress: Egress;
	program: Program;
	env?: NodeJS.ProcessEnv;
	guard?: LoginGuard;
	semaphore?: KeyedSemaphore;
	/** How long a check may take, in ms; those that log in or list much may take three times that. */
	limit?: number;
	/** Aborts when the user stops the run. */
	signal?: AbortSignal;
}

/** What the checks of a run share. Each adds what it has learnt to `known`. */
export interface Context {
	account: Account;
	/** The organization that is looked at. */
	orgId: string;
	ports: DiagnosticPorts & Required<Pick<DiagnosticPorts, 'env' | 'limit'>>;
	observed: Observed;
	known: Known;
}

export interface Known {
	/** fileX's REST API by the run's token; undefined where there is none. */
	rest?: FileXHttp;
	/** Whether FIP itself refused the password, now or before. */
	isPasswordRefused?: boolean;
	applications?: RemoteDirectory[];
	subSpaces: KnownSubSpace[];
	/** Base URLs of S3, once they are known. */
	s3: string[];
	/** What tracking showed; undefined where it was not asked. */
	tracking?: Look;
	/** A connection that is logged in. */
	sftp?: SftpSpace;
}

/** Whether a place could be seen, and why not. */
export type Look = { error?: undefined } | { error: FileXError };

export interface KnownSubSpace {
	path: SpacePath;
	/** As the listing of its application says. */
	writable?: boolean;
	/** Undefined where it was not tried. */
	look?: Look;
	files?: number;
	/** One of its files. */
	sample?: FilePath;
}
