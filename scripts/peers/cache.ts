import { cached, cacheFolder } from '../staged-cache';
import { output } from './inside';
import { debianMirror } from './mirror';

/** The Debian release whose Ceph is 18 (Reef): Debian 12 has an older one, without all that is tested. */
const SUITE = 'trixie';
const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];

/** Where {@link cachedCeph} keeps it. */
export const CEPH_FOLDER = cacheFolder(`ceph-${SUITE}`, process.env.FILEX_CEPH_CACHE);

/**
 * A folder to chroot into, in which Ceph's programs are. Ceph's packages drag in some hundred others
 * and need a newer Debian than most machines run, so they are not installed on the machine itself.
 */
export async function cachedCeph(signal: AbortSignal): Promise<string> {
	await cached(CEPH_FOLDER, async (staging) => await install(staging, signal));
	return CEPH_FOLDER;
}

async function install(folder: string, signal: AbortSignal): Promise<void> {
	await output('debootstrap', ['--variant=minbase', SUITE, folder, debianMirror()], signal);
	const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
	await output('chroot', [folder, ...install], signal);
	await output('chroot', [folder, 'apt-get', 'clean'], signal);
}
