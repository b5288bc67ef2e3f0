import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { FileXError } from '../../../filex';
import { hintOf } from '../../../nodes/shared/remedies';
import { toNodeError } from '../../../nodes/shared/errors';

const NODE = { id: '1', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} } as never;

describe('what helps beside an error', () => {
	it('is named after its own hint, by the fields of the nodes', () => {
		const error = new FileXError('held', "'a.zip' was held back", {
			hint: 'Nothing was submitted.',
			remedies: ['settle-longer', 'allow-repeated-filing'],
			retrySafe: true,
		});
		expect(toNodeError(NODE, error, 0).description).toBe(
			"Nothing was submitted. To wait longer in this step, raise 'Time to Settle (Seconds)'. If you know that no other upload is under way, set 'If Already Filed' to 'Allow', which sends at once. Running it again is safe.",
		);
	});

	it('is nothing where an error has none', () => {
		expect(hintOf({ hint: 'Do this.' })).toBe('Do this.');
	});
});

it('keeps the names of nodes and of n8n out of the library', () => {
	const root = join(__dirname, '../../../filex');
	const found: string[] = [];
	for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.ts'))) {
		const file = ts.createSourceFile(name, readFileSync(join(root, name), 'utf8'), ts.ScriptTarget.Latest, true);
		const visit = (node: ts.Node): void => {
			if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) {
				if (
					/\bn8n\b|fileX (List|Download|Upload|Track)\b|If Already Filed|Time to Settle|Submit Without/.test(node.text)
				)
					found.push(`${name}: ${node.text}`);
			}
			ts.forEachChild(node, visit);
		};
		visit(file);
	}
	expect(found).toEqual([]);
});
