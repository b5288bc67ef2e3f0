import { USUAL } from '../../scripts/n8n/cache';
import { testBesideOthers } from './beside-others';

describe('the pack, installed by hand, beside other packages', () => testBesideOthers(USUAL, true));
