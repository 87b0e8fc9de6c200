/** A resource as a template has it. */
interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  DependsOn?: string | string[];
}

export interface Template {
  Resources?: { [id: string]: Resource };
  Outputs?: { [name: string]: unknown };
}

/** What `Ref` and attributes of a resource are that the emulator does not make. */
export interface StandIn {
  readonly ref?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * The template without resources of some types; whoever refers to one of them is given the words of its stand-in.
 * @param standIns by type; one that answers nothing leaves that resource where it is
 * @returns how many of each type were left out
 * @throws Error where somebody refers to something that its stand-in does not say
 */
export function leaveOut(
  template: Template,
  standIns: Readonly<Record<string, (properties: Record<string, unknown>) => StandIn | undefined>>,
): Record<string, number> {
  const { Resources = {} } = template;
  const gone = new Map<string, StandIn>();
  const counts: Record<string, number> = {};
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    const standIn = standIns[Type]?.(Properties);
    if (!standIn) continue;
    gone.set(id, standIn);
    counts[Type] = (counts[Type] ?? 0) + 1;
    delete Resources[id];
  }
  for (const resource of Object.values(Resources)) {
    if (resource.DependsOn === undefined) continue;
    resource.DependsOn = [resource.DependsOn].flat().filter((id) => !gone.has(id));
  }
  template.Resources = told(Resources, gone) as Template['Resources'];
  template.Outputs = told(template.Outputs ?? {}, gone) as Template['Outputs'];
  return counts;
}

function told(value: unknown, gone: ReadonlyMap<string, StandIn>): unknown {
  if (Array.isArray(value)) return value.map((one) => told(one, gone));
  if (value === null || typeof value !== 'object') return value;
  const { Ref: id, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  if (id !== undefined && gone.has(id)) return said(gone.get(id)!.ref, id, 'Ref');
  if (Array.isArray(attribute) && gone.has(attribute[0])) {
    const [of, name] = attribute;
    return said(gone.get(of)!.attributes?.[name], of, name);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner, gone)]));
}

function said(word: string | undefined, id: string, what: string): string {
  if (word === undefined) throw new Error(`${id} was left out, and nothing says what its ${what} is`);
  return word;
}
