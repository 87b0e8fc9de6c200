import type { NamingRule } from './rules.ts';

/** The name that a naming rule makes of a name; the same where it has nothing to remove or replace. */
export function renamed(name: string, rule: NamingRule): string {
  switch (rule['rule-action']) {
    case 'rename':
      return rule.value;
    case 'convert-lowercase':
      return name.toLowerCase();
    case 'convert-uppercase':
      return name.toUpperCase();
    case 'add-prefix':
      return rule.value + name;
    case 'add-suffix':
      return name + rule.value;
    case 'remove-prefix':
      return name.startsWith(rule.value) ? name.slice(rule.value.length) : name;
    case 'remove-suffix':
      return name.endsWith(rule.value) ? name.slice(0, name.length - rule.value.length) : name;
    case 'replace-prefix':
      return name.startsWith(rule['old-value']) ? rule.value + name.slice(rule['old-value'].length) : name;
    case 'replace-suffix':
      return name.endsWith(rule['old-value'])
        ? name.slice(0, name.length - rule['old-value'].length) + rule.value
        : name;
    default:
      return name;
  }
}
