import { windowsObstacle } from '../../../nodes/FileXDownload/destination/windows-name';

describe('a name on Windows', () => {
	it.each(['report.pdf', "o'brien=1&2,3@x!-_.zip", 'console.txt', 'com10.txt', '.hidden', 'a.b c.csv'])(
		'%s is kept',
		(name) => expect(windowsObstacle(name)).toBeUndefined(),
	);

	it.each(['a:b.zip', 'a?.csv', 'a*', 'a"b', 'a<b', 'a|b', 'NUL', 'con.txt', 'LPT1.csv', 'com².txt', 'a.', 'a '])(
		'%s is refused',
		(name) => expect(windowsObstacle(name)).toMatch(/Windows/),
	);
});
