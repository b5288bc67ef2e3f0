import ssh2 from 'ssh2';
import { newKeyPair } from '../../../sandbox/sftp/keys';

it('every one of 2,000 new keys can be read', () => {
	for (let made = 0; made < 2000; made++) {
		expect(ssh2.utils.parseKey(newKeyPair('ed25519').private)).not.toBeInstanceOf(Error);
	}
});
