import type { IExecuteFunctions, ILoadOptionsFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { type CalendarDay, inputError } from '../../filex';
import { asDay, asInstant } from './dates';
import { asChoice, asFlag, asList, asNumber, asPicked, asText, isBlank, shown } from './values';

/**
 * What a node's fields hold, read by their own descriptions: label, default, choices and range stand there and
 * nowhere else. Nothing (null, an empty text) means the default. All failures are FileXErrors `input` that name the
 * field.
 */
export class Parameters {
	/** @param get reads what n8n has for a field; `fallback` where it has nothing */
	constructor(
		private readonly properties: readonly INodeProperties[],
		private readonly get: (name: string, fallback: unknown) => unknown,
		private readonly timeZone: () => string,
	) {}

	/** Without space around it. */
	text(name: string): string {
		const { field, value } = this.read(name);
		return isBlank(value) ? '' : asText(field, value).trim();
	}

	/** Within the range that the field's `typeOptions` give. @param what e.g. `number of minutes` */
	number(name: string, what: string): number {
		const { field, value, property } = this.read(name);
		const { minValue: min = -Infinity, maxValue: max, numberPrecision } = property.typeOptions ?? {};
		return asNumber(field, value, {
			what,
			min,
			max,
			whole: numberPrecision === 0,
			example: Math.max(min, Number(property.default) || 10),
		});
	}

	flag(name: string): boolean {
		const { field, value } = this.read(name);
		return asFlag(field, value);
	}

	/** `T` is what the description lists. */
	choice<T extends string>(name: string): T {
		const { field, value, property } = this.read(name);
		return asChoice(field, value, valuesOf<T>(property));
	}

	/** `T` is what the description lists. @param noun what one entry is, e.g. `event` */
	list<T extends string>(name: string, noun: string): T[] {
		const { field, value, property } = this.read(name);
		const entries = asList(field, value, valuesOf<T>(property), noun);
		if (entries.length > 0 || !property.required) return entries;
		throw inputError(
			field,
			`'${field}' is empty`,
			`Choose at least one. In an expression, use ${valuesOf(property).join(', ')}.`,
		);
	}

	/** ms since 1970; undefined where the field is empty. A time without an offset is in the workflow's time zone. */
	instant(name: string): number | undefined {
		const { field, value } = this.read(name);
		return isBlank(value) ? undefined : asInstant(field, value, this.timeZone());
	}

	/** A day of the calendar; undefined where the field is empty. @param timeZone in which a moment is of that day */
	day(name: string, timeZone: string): CalendarDay | undefined {
		const { field, value } = this.read(name);
		return isBlank(value) ? undefined : asDay(field, value, timeZone);
	}

	/** What a resource locator holds, as it is; '' where nothing was picked. */
	picked(name: string): string {
		const { field, value } = this.read(name);
		return asPicked(field, value);
	}

	/** Whether a field holds anything, for options that mean nothing unless they are added. */
	has(name: string): boolean {
		return !isBlank(this.get(name, undefined));
	}

	/** Whatever it holds, for what has a reader of its own. */
	given(name: string): unknown {
		return this.read(name).value;
	}

	label(name: string): string {
		return this.property(name).displayName;
	}

	/** The fields of the collection 'Options'. */
	get options(): Parameters {
		const { field, value, property } = this.read('options');
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			throw inputError(
				field,
				`'${field}' must hold fields, but it is ${shown(value)}`,
				'Remove the expression and add the options one by one.',
			);
		}
		return new Parameters(
			property.options as INodeProperties[],
			(name, fallback) => (value as Record<string, unknown>)[name] ?? fallback,
			this.timeZone,
		);
	}

	private read(name: string): { field: string; value: unknown; property: INodeProperties } {
		const property = this.property(name);
		// n8n works a default out that is an expression.
		const given = this.get(name, property.default);
		return {
			field: property.displayName,
			value: isBlank(given) && !isExpression(property.default) ? property.default : given,
			property,
		};
	}

	private property(name: string): INodeProperties {
		const property = this.properties.find((each) => each.name === name);
		if (!property) throw new Error(`There is no field '${name}'`);
		return property;
	}
}

/** What the workflow has for a field: of an expression, its text. */
export function asWritten(context: Pick<IExecuteFunctions, 'getNode'>, name: string): unknown {
	return context.getNode().parameters[name];
}

/**
 * Refuses an expression that returned nothing, of a field whose default protects less than any value would.
 *
 * @param written the fields as the workflow has them: of an expression, its text
 * @param hint what was not done
 * @throws FileXError `input`
 */
export function refuseNothing(
	written: Readonly<Record<string, unknown>>,
	parameters: Parameters,
	names: readonly string[],
	hint: string,
): void {
	for (const name of names) {
		if (!isExpression(written[name]) || parameters.has(name)) continue;
		const field = parameters.label(name);
		throw inputError(
			field,
			`'${field}' is an expression, and it returned nothing`,
			`Check the step that it takes its value from. Only where the field itself is left out, nothing is asked for. ${hint}`,
		);
	}
}

/** The fields of a node, for one of its items. */
export function itemParameters(
	context: IExecuteFunctions,
	properties: readonly INodeProperties[],
	itemIndex: number,
): Parameters {
	return new Parameters(
		properties,
		(name, fallback) => context.getNodeParameter(name, itemIndex, fallback),
		() => context.getTimezone(),
	);
}

/** The fields of a trigger. */
export function triggerParameters(context: IPollFunctions, properties: readonly INodeProperties[]): Parameters {
	return new Parameters(
		properties,
		(name, fallback) => context.getNodeParameter(name, fallback as never),
		() => context.getTimezone(),
	);
}

/** The fields of a node that is open in the editor. */
export function editorParameters(context: ILoadOptionsFunctions, properties: readonly INodeProperties[]): Parameters {
	return new Parameters(
		properties,
		(name, fallback) => context.getCurrentNodeParameter(name) ?? fallback,
		() => context.getTimezone(),
	);
}

function valuesOf<T extends string>({ options = [] }: INodeProperties): T[] {
	return options.flatMap((option) => ('value' in option ? [option.value as T] : []));
}

function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}
