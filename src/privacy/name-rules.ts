import type { PrivacyClass } from '../campus/catalog-schema.ts';

/** A class proposed by the words of a column's name, `_word_word_`. */
export interface NameRule {
  readonly privacy: PrivacyClass;
  /** What such a column holds, for the comment beside the proposal. */
  readonly what: string;
  readonly words: RegExp;
  /** Words that show that it is something else. */
  readonly unless?: RegExp;
  /** Only texts and numbers: a flag, a date or a count with such a name says nothing by itself. */
  readonly valuesOnly?: boolean;
}

/** Ends of names that describe a thing instead of being it: `email_type`, `phone_verified_at`. */
const ABOUT =
  /_(id|types?|kind|at|on|count|seq|sequence|status|verified|confirmed|source|state|format|changed|updated)_$/;

/**
 * From what harms most to what harms least; the first that fits is proposed. Public SQL for Banner hides the social
 * security number under `tax_id` and `SharedSecret`, hence those words.
 */
export const NAME_RULES: readonly NameRule[] = [
  {
    privacy: 'secret',
    what: 'a national or tax id',
    words:
      /_(ssn|ss_?n|soc_sec\w*|social_security|sin|nid|national_id\w*|nat_id|tax_id\w*|taxpayer\w*|tin|itin|shared_secret|passport(_(number|no|num|id))?|driver\w*_licen[cs]e\w*|alien_(number|no|id)|sevis\w*|government_id|national_insurance\w*|ni_(number|no|num)|nino|nhs_(number|no|num)|ppsn?|pps_(number|no|num)|tfn|tax_file_(number|no)|medicare_(number|no|num)|aadhaar\w*|birth_certificate_(number|no))_/,
  },
  {
    privacy: 'secret',
    what: 'a bank or card number',
    words:
      /_(bank\w*|iban|bic|swift|bsb|sort_code|routing\w*|rout|aba|acct|acct_(no|num|number)|account_(no|num|number)|(credit|debit)?_?card_(no|num|number)|credit_card\w*|pan|cvv|cvc)_/,
    unless: /_(gl|ledger|chart|question_bank|item_bank|comment_bank)_|_bank\w*_(id|key)_$/,
  },
  {
    privacy: 'secret',
    what: 'a password, key or token',
    words:
      /_(password\w*|passwd|pwd|passphrase|pin|pin_(code|number|hash)|otp|totp|mfa\w*|secret\w*|token\w*|crypted|salt|credentials?|api_key|private_key|access_code|enrol?lment_code|access_key|security_(question|answer)\w*)_/,
    unless: /_count_$/,
  },
  {
    privacy: 'log',
    what: 'an address or agent in a log',
    words:
      /_(ip|ip_addr\w*|ipv[46]|remote_(addr\w*|host)|user_agent|mac_addr\w*|device_id|device_token|cookie|referr?er|session_(token|key))_|_agent_$/,
  },
  {
    privacy: 'aid',
    what: 'data of an aid application',
    words:
      /_(fafsa|isir|efc|sai|pell|agi|income|household|family_size|dependency|dependent_status|filing|tax_return|expected_family|need_amount|cost_of_attendance|coa_amount)_/,
  },
  {
    privacy: 'special',
    what: 'health, origin, belief, immigration or a portrait',
    words:
      /_(race\w*|ethnic\w*|ethn|hispanic|latino|disadvantaged?|homeless|care_leaver|looked_after|free_(school_)?meals?|sen_\w*|displacement|displaced|fragile|iep|tribal|tribe|religio\w*|faith|disab\w*|disa|medical|medi|health|diagnos\w*|allerg\w*|immuni\w*|vaccin\w*|pregnan\w*|accommodation\w*|counsel(l?ing)|veteran\w*|military|visa\w*|citizen\w*|immigrat\w*|nationality|refugee|asylum|daca|pronouns?|gender_identity|orientation|sexual\w*|political|union_member\w*|crimin\w*|convict\w*|felony|photo\w*|portrait|biometric\w*|fingerprint\w*)_/,
  },
  {
    privacy: 'special',
    what: 'pay',
    words: /_(salary|wages?|pay_rate|hourly_rate|compensation)_/,
  },
  {
    privacy: 'text',
    what: 'free text',
    words:
      /_(body|comments?|cmnt|notes?|reason|message|msg_text|description|descr_?long|remarks?|memo|narrative|essay|feedback|bio|biography|statement|explanation|justification|free_text|long_text|content|html|transcript_text|turnitin_data|submission_data)(_(text|txt|long|\d+))?_$/,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: "a person's name",
    words:
      /_((first|last|middle|given|family|full|legal|preferred|pref|maiden|nick|christian|sortable|short|display|birth|former|spouse|parent|guardian|mother|father|contact|author|user|login|reporter|principal|physician|doctor)_name|fname|lname|mname|mi|initials|salutation|signature|mother_maiden\w*)_/,
    unless: ABOUT,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'a person, named',
    words:
      /_(instructor|advis[eo]r|teacher|student|spouse|mother|father|guardian|holder|payee|payer|beneficiary|next_of_kin|recipient|signatory)_$|_emergency\w*_/,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'an e-mail address',
    words: /_(e_?mail\w*|mail|mail_address)_/,
    unless: ABOUT,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'a telephone number',
    words: /_(phone\w*|tele|tel|telephone\w*|mobile|cell|fax|sms|area_code)_/,
    unless: ABOUT,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'an address',
    words: /_(street\w*|addr\w*|line_?[1234]|address_?[1234]?|house_(no|number)|apartment|po_box)_/,
    unless: /_(types?|kind|id|seq|sequence|code|country|source|from_date|to_date|status|valid\w*|at|on)_$/,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'a picture or a page of a person',
    words: /_(avatar_(image_)?url|picture|homepage|linkedin|facebook|twitter|instagram)_/,
    valuesOnly: true,
  },
  {
    privacy: 'direct',
    what: 'an id by which people know a person',
    words:
      /_((student|person|employee|staff|campus|card|applicant|instructor|faculty|member)_(number|no|nr|num)|student_id|sis_user_id|emplid|empl_id|banner_id|spriden_id|uln|upn|husid|hesa_(id|number|no)|ucas_(id|number|no|num)|matric(ulation)?_(number|no|num|id)|candidate_(number|no|num)|card_id|unique_id|login|login_id|net_?id|eppn|sso_id|orcid|external_id)_/,
    unless: /_(failed|attempts?|count)_/,
    valuesOnly: true,
  },
  {
    privacy: 'quasi',
    what: 'birth, death or age',
    words: /_(birth\w*|born|dob|age|deceased|death)_/,
  },
  {
    privacy: 'quasi',
    what: 'a place or a trait that helps to find a person',
    words:
      /_(zip\w*|postal\w*|city|town|county|latitude|longitude|lat|lon|lng|geo\w*|gender\w*|sex|marital\w*|hometown|residen(cy|ce)|domicile\w*|first_generation|first_gen)_/,
  },
  {
    privacy: 'quasi',
    what: "a person's number inside the system",
    words:
      /_((user|person|student|pers|instructor|advis[eo]r|advisee|grader|author|editor|owner|teacher|faculty|staff|member|employee|recipient|sender|observer|applicant|alumn\w*|guardian|parent_person|pseudonym|contact|approver|assessor|creator|real_user|merged_into_user|associated_user)_(id|key|sk|uuid|guid)|pidm|user|(entered|created|updated|changed|placed|released|approved|awarded|graded|posted)_by)_$/,
  },
  {
    privacy: 'education',
    what: 'the education record',
    words:
      /_(gpa|high_school|credits?_(earned|attempted)|(earned|attempted|transfer)_credits?|grades?|grade_points?|quality_points|honou?rs?|probation|dean\w*_list|standing\w*|transcript\w*|absen\w*|attend\w*|withdr\w*|confid\w*|ferpa\w*|privacy_flag|directory_(info\w*|opt\w*)|holds?)_/,
    unless: /_(id|key)_$/,
  },
];
