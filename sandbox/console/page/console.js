/** Milliseconds between two looks at the sandbox. */
const PERIOD = 1500;

/** Rows shown at most, and requests looked through for them. */
const SHOWN = 300;
const SEARCHED = 2000;

const byId = (id) => document.getElementById(id);

/** An element with its properties and children; `data-*` and `aria-*` go in as attributes. */
function element(tag, properties = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (name.includes('-')) made.setAttribute(name, value);
		else made[name] = value;
	}
	made.append(...children);
	return made;
}

/** Calls the sandbox; throws its own words where it refuses. */
async function call(method, path, body) {
	const response = await fetch(path, {
		method,
		body: body instanceof Blob || body === undefined ? body : JSON.stringify(body),
	});
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.message ?? `The sandbox answered ${response.status}.`);
	return answer;
}

function say(text, bad = false) {
	byId('message').textContent = text;
	byId('message').className = bad ? 'bad' : '';
}

/** Does what a person asked for, says what came of it, and looks again. */
async function act(work, done) {
	try {
		await work();
		say(done);
	} catch (error) {
		say(error.message, true);
	}
	await refresh();
}

/** Replaces a container's children unless they are the same; what had the focus keeps it. */
function replace(container, state, nodes) {
	const key = JSON.stringify(state);
	if (container.dataset.state === key) return;
	container.dataset.state = key;
	const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
	container.replaceChildren(...nodes());
	if (focused) container.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

const pathOf = (parts) => parts.map(encodeURIComponent).join('/');
const timeOf = (text) =>
	new Date(text).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });

/* Files */

const ROLES = { in: 'upload', out: 'download', archive: 'archive' };

function showTree(spaces) {
	const tree = byId('tree');
	const names = spaces.map(({ space }) => space);
	replace(tree, names, () =>
		grouped(spaces, 0).map(([org, inOrg]) =>
			element(
				'details',
				{ open: org === '0001' },
				element('summary', {}, org),
				...grouped(inOrg, 1).map(([application, inApplication]) =>
					element('details', {}, element('summary', {}, application), ...inApplication.map(subSpace)),
				),
			),
		),
	);
	for (const { space, count } of spaces) {
		byId(`count-${space.join('-')}`).textContent = count === 0 ? '' : `(${count})`;
	}
}

function grouped(spaces, level) {
	return Object.entries(Object.groupBy(spaces, ({ space }) => space[level])).sort(([a], [b]) => (a < b ? -1 : 1));
}

function subSpace({ space, role }) {
	const list = element('ul', { className: 'files' });
	const parts = [
		element(
			'summary',
			{},
			space[2],
			' ',
			element('span', { className: 'quiet' }, ROLES[role], ' ', element('span', { id: `count-${space.join('-')}` })),
		),
		list,
	];
	const details = element('details', { 'data-space': space.join('/') }, ...parts);
	details.addEventListener('toggle', () => details.open && showFiles(details));
	if (role === 'out') allowDelivery(details, space);
	return details;
}

function allowDelivery(details, space) {
	const input = element('input', { type: 'file', multiple: true, 'aria-label': `Deliver files to ${space.join('/')}` });
	input.addEventListener('change', async () => {
		await deliver(details, space, [...input.files]);
		input.value = '';
	});
	details.append(element('label', { className: 'deliver' }, 'Deliver: ', input));
	details.addEventListener('dragover', (event) => {
		event.preventDefault();
		details.classList.add('target');
	});
	details.addEventListener('dragleave', () => details.classList.remove('target'));
	details.addEventListener('drop', (event) => {
		event.preventDefault();
		details.classList.remove('target');
		void deliver(details, space, [...event.dataTransfer.files]);
	});
}

async function deliver(details, space, files) {
	await act(
		async () => {
			for (const file of files) await call('PUT', `files/${pathOf([...space, file.name])}`, file);
		},
		`Delivered to ${space.join('/')}: ${files.map(({ name }) => name).join(', ')}.`,
	);
	details.open = true;
}

async function showFiles(details) {
	const space = details.dataset.space.split('/');
	const files = await call('GET', `files/${pathOf(space)}`);
	const shown = files.slice(-SHOWN);
	replace(details.querySelector('ul'), [files.length, shown], () =>
		shown.map(({ name, size, lastModified }) =>
			element(
				'li',
				{},
				element('a', { href: `files/${pathOf([...space, name])}`, download: name, 'data-key': `get ${name}` }, name),
				element('span', { className: 'quiet' }, `${size.toLocaleString()} bytes, ${timeOf(lastModified)}`),
				button('Take away', `remove ${name}`, `Take ${name} away`, () =>
					act(() => call('DELETE', `files/${pathOf([...space, name])}`), `Took away ${name}.`),
				),
			),
		),
	);
}

function button(text, key, label, onclick) {
	return element('button', { type: 'button', onclick, 'data-key': key, 'aria-label': label }, text);
}

/* Submissions */

const DECISIONS = ['RECEIVED', 'ACCEPTED', 'REJECTED', 'PARTIALLY_REJECTED'];

/** Tracking records and arrivals in one list, the newest first: SFTP and S3 uploads have no record. */
function showSubmissions(records, arrivals) {
	const methods = new Map(arrivals.filter(({ trackingId }) => trackingId).map((each) => [each.trackingId, each]));
	const rows = [
		...records.map((each) => ({
			...each,
			at: each.submittedAt,
			method: 'rest',
			unusable: methods.get(each.trackingId)?.unusable,
		})),
		...arrivals
			.filter(({ trackingId }) => !trackingId)
			.map((each) => ({ ...each, status: each.archiveName ? 'Received by FINRA' : 'In its sub-space' })),
	].sort((a, b) => (a.at < b.at ? 1 : -1));
	replace(byId('submission-rows'), rows, () =>
		rows.map((row) =>
			element(
				'tr',
				{},
				element('td', { className: 'time' }, timeOf(row.at)),
				element('td', {}, row.method.toUpperCase()),
				element('td', {}, row.username),
				element('td', { className: 'wide' }, [...row.space, row.name].join('/')),
				element('td', { className: 'number' }, row.size?.toLocaleString() ?? ''),
				element(
					'td',
					{ className: row.unusable ? 'bad' : '' },
					row.unusable ? `Unusable: ${row.unusable}` : row.status,
				),
				element('td', {}, decision(row)),
			),
		),
	);
}

function decision({ trackingId, downstream, name }) {
	if (!trackingId) return 'not tracked';
	if (!downstream) return '';
	const options = DECISIONS.map((value) => element('option', { value, selected: value === downstream }, value));
	const select = element(
		'select',
		{ 'data-key': trackingId, 'aria-label': `Downstream status of ${name}` },
		...options,
	);
	select.addEventListener('change', () =>
		act(
			() => call('PATCH', `submissions/${trackingId}`, { downstreamStatus: select.value }),
			`${name}: ${select.value}.`,
		),
	);
	return select;
}

/* Requests */

let requests = [];

function showRequests() {
	const service = byId('service').value;
	const containing = byId('containing').value.toLowerCase();
	const rows = requests
		.filter((each) => !service || each.service === service)
		.filter((each) => JSON.stringify(each).toLowerCase().includes(containing))
		.slice(-SHOWN)
		.reverse();
	replace(byId('request-rows'), rows, () =>
		rows.map(({ at, service: method, username = '', request, outcome }) =>
			element(
				'tr',
				{},
				element('td', { className: 'time' }, new Date(at).toLocaleTimeString()),
				element('td', {}, method.toUpperCase()),
				element('td', {}, username),
				element('td', { className: 'wide' }, request),
				element('td', { className: /^(2|3|ok)/.test(outcome) ? 'good' : 'bad' }, outcome),
			),
		),
	);
}

/* Faults */

function showFaults({ possible, active }) {
	replace(byId('where'), Object.keys(possible), () =>
		Object.keys(possible).map((value) => element('option', { value }, value)),
	);
	const effects = possible[byId('where').value];
	replace(byId('effect'), effects, () => effects.map((value) => element('option', { value }, value)));
	replace(byId('active-faults'), active, () =>
		active.length === 0
			? [element('li', { className: 'quiet' }, 'None is switched on.')]
			: active.map(({ where, effect, times, after, path }) =>
					element(
						'li',
						{},
						`${where}: ${effect}, ${times} more ${times === 1 ? 'time' : 'times'}${after ? `, after ${after}` : ''}${path ? `, at ${path}` : ''}`,
					),
				),
	);
}

/* Connect */

function showConnect(info, accounts) {
	const select = byId('account');
	replace(
		select,
		accounts.map(({ username }) => username),
		() => accounts.map(({ username, purpose }) => element('option', { value: username }, `${username}: ${purpose}`)),
	);
	const account = accounts.find(({ username }) => username === select.value) ?? accounts[0];
	replace(byId('lock'), [account.username, account.locked, account.refusals], () =>
		account.locked
			? [
					element('span', { className: 'bad' }, 'locked '),
					button('Unlock', 'unlock', `Unlock ${account.username}`, () =>
						act(
							() => call('POST', `accounts/${encodeURIComponent(account.username)}/unlock`),
							`${account.username} is unlocked.`,
						),
					),
				]
			: [element('span', { className: 'quiet' }, account.refusals ? `${account.refusals} refused logins` : '')],
	);
	const fields = [
		['Environment', 'Custom'],
		['User Name', account.username],
		['Password', account.password],
		['Organization ID', account.orgId],
		['fileX REST URL', info.rest],
		['FIP URL', info.fip],
		['SFTP Host', info.sftp.host],
		['SFTP Port', String(info.sftp.port)],
		['S3 URL', info.s3],
		['SFTP Host Key Fingerprints', info.sftp.hostKeys.join(', ')],
		...(info.certificate ? [['Certificate to trust', info.certificate]] : []),
	];
	replace(byId('fields'), fields, () =>
		fields.flatMap(([name, value]) => [
			element('dt', {}, name),
			element('dd', {}, value),
			button('Copy', `copy ${name}`, `Copy ${name}`, () =>
				act(() => navigator.clipboard.writeText(value), `Copied: ${name}.`),
			),
		]),
	);
}

/* Settings */

const SETTINGS = {
	processingSeconds: ['Processing', 'seconds that an upload stays in its sub-space'],
	decideAfterSeconds: ['Decide after', 'seconds from reception to the downstream status; empty: you decide'],
	decision: ['Decision', 'what is decided then; by-name looks for "reject" and "partial"'],
	urlSeconds: ['Pre-signed URLs', 'seconds that one lives'],
	s3TokenSeconds: ['S3 tokens', 'seconds that one lives'],
	fipTokenSeconds: ['FIP tokens', 'seconds that one lives'],
	lockAfter: ['Lock after', 'refused logins in a row; 0: never'],
	maxConnections: ['SFTP connections', 'of one account at a time'],
	urlShape: ['URL in answers', 'where the pre-signed URL stands'],
	trackingShape: ['Tracking id in answers', 'where the tracking id stands'],
	listingShape: ['Listings', 'how they look'],
	trackingListShape: ['Tracking', 'how it looks'],
	tokenShape: ['FIP answers', 'how one with a token looks'],
};

function showSettings({ values, choices, now }) {
	byId('clock').textContent = `${timeOf(now)}${values.clockOffsetSeconds ? ' (moved)' : ''}`;
	replace(byId('settings-form'), values, () =>
		Object.entries(SETTINGS).flatMap(([name, [label, hint]]) => {
			const id = `setting-${name}`;
			const input = choices[name]
				? element(
						'select',
						{ id, 'data-key': id },
						...choices[name].map((value) => element('option', { value, selected: value === values[name] }, value)),
					)
				: element('input', { id, 'data-key': id, type: 'number', min: 0, step: 'any', value: values[name] ?? '' });
			input.addEventListener('change', () =>
				act(() => call('PATCH', 'settings', { [name]: read(input) }), `${label}: ${input.value || 'off'}.`),
			);
			return [element('label', { htmlFor: id }, label), input, element('span', {}, hint)];
		}),
	);
}

function read(input) {
	if (input.type !== 'number') return input.value;
	return input.value === '' ? null : Number(input.value);
}

/* All of it */

async function refresh() {
	const [info, spaces, records, arrivals, log, faults, accounts, settings] = await Promise.all(
		[
			'info',
			'spaces',
			`submissions?last=${SHOWN}`,
			`arrivals?last=${SHOWN}`,
			`log?last=${SEARCHED}`,
			'faults',
			'accounts',
			'settings',
		].map((path) => call('GET', path)),
	);
	requests = log;
	showTree(spaces);
	showSubmissions(records, arrivals);
	showRequests();
	showFaults(faults);
	showConnect(info, accounts);
	showSettings(settings);
	await Promise.all([...document.querySelectorAll('details[data-space][open]')].map(showFiles));
}

byId('service').addEventListener('change', showRequests);
byId('containing').addEventListener('input', showRequests);
byId('account').addEventListener('change', refresh);
byId('where').addEventListener('change', refresh);
byId('clear-requests').addEventListener('click', () =>
	act(() => call('DELETE', 'log'), 'The list of requests is empty.'),
);
byId('clear-faults').addEventListener('click', () => act(() => call('DELETE', 'faults'), 'All faults are off.'));
byId('move-clock').addEventListener('click', () =>
	act(
		() => call('POST', 'clock', { advanceSeconds: Number(byId('days').value) * 86_400 }),
		`The clock was moved by ${byId('days').value} days.`,
	),
);
byId('reset-clock').addEventListener('click', () =>
	act(() => call('PATCH', 'settings', { clockOffsetSeconds: 0 }), 'The clock shows the time of this machine.'),
);
byId('revoke').addEventListener('click', () =>
	act(() => Promise.all([call('DELETE', 'tokens'), call('DELETE', 's3-tokens')]), 'All FIP and S3 tokens are revoked.'),
);
byId('settings-form').addEventListener('submit', (event) => event.preventDefault());
byId('fault-form').addEventListener('submit', (event) => {
	event.preventDefault();
	const { where, effect, path, ...numbers } = Object.fromEntries(new FormData(event.target));
	const fault = {
		where,
		effect,
		...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
		...(path && { path }),
	};
	void act(() => call('POST', 'faults', fault), `Switched on: ${where}, ${effect}.`);
});

async function watch() {
	try {
		await refresh();
		if (byId('message').textContent.startsWith('The sandbox does not answer')) say('');
	} catch {
		say('The sandbox does not answer. This page keeps trying.', true);
	}
	setTimeout(watch, PERIOD);
}

void watch();
