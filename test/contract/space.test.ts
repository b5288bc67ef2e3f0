import { describeContract } from './suite/contract';
import { SANDBOX } from './suite/sandbox-target';

SANDBOX.forEach(describeContract);
