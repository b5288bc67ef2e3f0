import { testBesideOthers } from '../install/beside-others';

/** The oldest that is supported; test/install has the newest. */
const OLDEST = { n8n: '1.123.81', node: 22 };

const suite = OLDEST.n8n.startsWith(process.env.FILEX_VERSIONS ?? '') ? describe : describe.skip;

suite(`the pack, installed by hand into n8n ${OLDEST.n8n}, beside other packages`, () =>
	testBesideOthers(OLDEST, false),
);
