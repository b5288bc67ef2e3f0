const { dest, parallel, src } = require('gulp');

// gulp 5 would read an image as text, and spoil it, unless told not to.
const icons = () => src('icons/*.{svg,png}', { encoding: false }).pipe(dest('dist/icons'));

const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

exports.default = parallel(icons, codex);
