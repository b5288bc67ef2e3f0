import { describeContract } from '../contract/suite/contract';
import { RGW } from '../contract/suite/rgw-target';
import { SSHD } from '../contract/suite/sshd-target';

/** What the sandbox is held to in the room `contract`, by servers that no one here wrote. */
[SSHD, RGW].forEach(describeContract);
