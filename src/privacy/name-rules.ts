import type { PrivacyClass } from '../campus/catalog-schema.ts';

/** A class proposed by the words of a column's name, `_word_word_`. */
export interface NameRule {
  readonly privacy: PrivacyClass;
  /** What such a column holds, for the comment at the proposal. */
  readonly what: string;
  readonly words: RegExp;
  /** Words that show that it is something else. */
  readonly unless?: RegExp;
  /** `values`: texts and numbers, no flag and no date. `texts`: texts alone, since a number there is a link or a mark. */
  readonly holds?: 'values' | 'texts';
  /** `about people`: courses have descriptions too. `of persons`: each row is one person. Default: any table. */
  readonly tables?: 'about people' | 'of persons';
}

/** Of mail, which programs send: `email_template`, `email_sent`. */
const ABOUT_MAIL =
  /_(id|types?|kind|at|on|count|seq|sequence|status|verified|confirmed|source|state|format|changed|updated|sent|send\w*|templates?|subject|body|text|notif\w*|enabled|enable|optout|frequency|server|host|port|footer|header|link|list|lists|stop|display)_$|_(send|notify|receive|gets|mass|bulk)_/;
/** Ends of names that describe a thing instead of being it: `email_type`, `phone_verified_at`. */
const ABOUT =
  /_(id|types?|kind|at|on|count|seq|sequence|status|verified|confirmed|source|state|format|changed|updated|country|country_code|used|flag|valid|label)_$/;

/**
 * From what harms most to what harms least; the first that fits is proposed. Public SQL for Banner hides the social
 * security number under `tax_id` and `SharedSecret`, hence those words.
 */
export const NAME_RULES: readonly NameRule[] = [
  {
    privacy: 'secret',
    what: 'a national or tax id',
    words:
      /_(ssn\w*|ss_?n|soc_sec\w*|social_(security|insurance)\w*|sin|nid|national_(id\w*|identification\w*|identity\w*|number)|nat_id|tax_(id\w*|number|file_(number|no))|taxpayer\w*|tin|itin|shared_secret|passport(_(number|no|num|id))?|driver\w*_licen[cs]e\w*|alien_(number|no|id|reg\w*)|sevis\w*|i94\w*|government_id|identity_(card|document)_?(number|no|num)?|id_card_(number|no|num)|national_insurance\w*|ni_(number|no|num)|nino|nhs_(number|no|num)|ppsn?|pps_(number|no|num)|tfn|medicare_(number|no|num)|medicaid\w*|aadhaa?r\w*|birth_certificate\w*|visa_(number|no|num)|insurance_(number|no|num|policy\w*)|policy_(number|no|num))_/,
    unless: /_(types?|country|expir\w*|issued?|status)_$/,
    holds: 'values',
  },
  {
    privacy: 'secret',
    what: 'a bank or card number',
    words:
      /_(bank\w*|iban|bic|swift|bsb|sort_code|ifsc\w*|micr\w*|routing\w*|rout|aba|acct|acct_(no|num|number)|account_(no|num|number|holder)|(credit|debit)?_?card_(no|num|number)|credit_card\w*|pan|cvv|cvc|direct_deposit\w*)_/,
    unless: /_(gl|ledger|chart|question_bank|item_bank|comment_bank|questions?|blood)_|_bank\w*_(id|key)_$/,
    holds: 'values',
  },
  {
    privacy: 'secret',
    what: 'a password, key or token',
    words:
      /_(password\w*|passwd|passcode|pwd|pass_?(word|phrase|hash)|passphrase|pin|pin_(code|number|hash)|otp|totp|mfa\w*|2fa\w*|secret\w*|token\w*|crypted|salt|password_salt|(login|user|account|client|api|access|auth)_credentials?|credentials|api_?keys?|(private|secret|encryption|session|auth)_key|access_(code|key)|activation_(code|key)|verification_code|reset_(code|key)|recovery_(code|key)\w*|unsubscribe_key|self_enrol?lment_code|enrol?lment_(key|password)|security_(question|answer)\w*|secur_\w*answer)_|^_pass_$/,
    unless: /_(count|length|expir\w*|policy|required|secretar\w*|force|until)_|_(id|types?|until)_$/,
    holds: 'values',
  },
  {
    privacy: 'log',
    what: 'an address or agent in a log',
    words:
      /_(ip|ip_addr\w*|ipv[46]|remote_(addr\w*|host|ip)|(last|login|client|host)_ip|user_agent|browser|mac_addr\w*|device_id|device_token|cookie|referr?er|(session|sess)_(token|key|data)|sessdata|request_(data|uri|url|body))_|_agent_$|^_sid_$/,
    unless: /_(types?|recruit\w*|booking|consent)_/,
  },
  {
    privacy: 'aid',
    what: 'data of an aid application',
    words:
      /_(fafsa|isir\w*|efc|sai|pell|agi|adjusted_gross\w*|income\w*|household\w*|family_size|number_in_(family|household|college)|dependency|dependent_(status|student)|filing|tax_(return|filer|filing)\w*|expected_family\w*|parent_contribution|need_amount|unmet_need|financial_need|cost_of_attendance|coa_amount|aid_application\w*|(fin|financial)_?aid\w*|scholarships?|(student|perkins|stafford|plus|direct)_loans?|work_study|bursary|means_test\w*|net_worth|untaxed\w*)_/,
    unless: /_(accounting|ledger)_/,
  },
  {
    privacy: 'special',
    what: 'health, origin, belief, immigration or a portrait',
    words:
      /_(race\w*|racial|ethnic\w*|ethn|hispanic\w*|latin[oax]|ancestry|disadvantaged?\w*|homeless\w*|care_leaver|looked_after|foster\w*|(free|reduced)_(school_)?(reduced_)?(meals?|lunch\w*|breakfast)|free_reduced\w*|frl|frpl|lunch_(status|code|eligib\w*)|sen|special_(ed|education|needs?)\w*|displacement|displaced|fragile|iep|(section|plan)_504|504_plan|tribal\w*|tribe|native_american|religio\w*|relg|vera|vtyp|faith|caste|disab(ilit\w*|led)|disa|handicap\w*|impair\w*|autis\w*|medical\w*|medicat\w*|medicines?|medi|health\w*|illness\w*|disease\w*|symptoms?|treatments?|injur\w*|diagnos\w*|diet\w*|allerg\w*|immuni\w*|vaccin\w*|inoculat\w*|blood\w*|pregnan\w*|insurance\w*|psych\w*|mental\w*|accommodation\w*|counsel(l?ing)\w*|veteran\w*|military\w*|visa\w*|citizen\w*|citz|immigra\w*|migrant\w*|nationalit\w*|country_of_(birth|origin)|birth_(country|nation)\w*|refugee\w*|asylum\w*|daca|undocumented|pronouns?|gender_identity|transgender|lgbt\w*|(sexual|gender)_orientation|sexual\w*|political|union_member\w*|crimin\w*|convict\w*|felon\w*|arrest\w*|biometric\w*|finger_?print\w*)_/,
    unless:
      /_(race_to_the_top|doctorate|doctoral|health_(check|status_url))_|_(module|course|program)_accommodation_/,
  },
  {
    privacy: 'special',
    what: 'who treats a person',
    words: /_(hospitals?|physicians?|doctors?|dentists?|nurses?|therap\w*|clinics?)_/,
    unless: /_(names?|phone|telephone|mobile|fax|email|address|street)_/,
  },
  {
    privacy: 'special',
    what: 'a portrait',
    words: /_(photo\w*|portrait\w*|thumbnail|headshot|mugshot|(profile|user|student)_(image|picture|pic))_/,
    unless: /_(copy|types?|size|status|at|date|updated|count|id|album|gallery)_/,
    holds: 'texts',
  },
  {
    privacy: 'special',
    what: 'a portrait',
    words: /^_(image|picture|img)(_(\d+|url|path|file|file_name|name|data|blob))?_$/,
    holds: 'texts',
    tables: 'of persons',
  },
  {
    privacy: 'special',
    what: 'pay',
    words:
      /_(salar(y|ies)|wages?|pay_(rate|grade|scale)|hourly_rate|compensation|basic_pay|gross_pay|net_pay|payslips?)_/,
  },
  {
    privacy: 'text',
    what: 'free text',
    words:
      /_(body|reasons?|messages?|comments?|commentary|cmnt|cmmt|notes?|remarks?|memos?|narratives?|essays?|feedback|bio|biography|explanation|justification|free_text|long_text|msg_text|message_text|note_text|descr_?long|transcript_text|turnitin_data|submission_data|personal_statement|answer_text|evidence_statement)(_\w+)?_$/,
    unless:
      /_(ids?|types?|codes?|counts?|dates?|at|by|on|key|category|categories|levels?|scales?|order|number|enabled|allowed|required|length|color|start|end|due)_$/,
    holds: 'texts',
  },
  {
    privacy: 'text',
    what: 'free text about people',
    words:
      /_(description|descr|desc|statement|content|html|text|textual|answers?|essay|subject_line|(mail|email|message|msg)_subject|follow_?up\w*|details?|summary|observations?|explained|circumstances?|actions?_taken|outcome|complaint|rationale|response|suggestions?|opinion|interests|hobbies|goals?|strengths|weaknesses|experience|background|concerns?|history|skills|strateg(y|ies)|(additional|other|extra|more)_(info|information|data|details?)|info|information|(custom|form|json|raw)_(data|values?)|dynamic_attributes|payload|serial[iz]sed\w*|fields|signature_text)(_(text|txt|long|long_text|detail|details|en|de|\d+))*_$/,
    unless:
      /_(type|code|scope|level|short|course|section|program|event_type)_(description|descr|desc|text|details?|summary)_$|_(content|message|response)_(type|id)_$|_(gender|language|academic|degree)_\w*$/,
    holds: 'texts',
    tables: 'about people',
  },
  {
    privacy: 'direct',
    what: "a person's name",
    words:
      /_((first|last|middle|given|family|full|legal|preferred|pref|maiden|nick|christian|sortable|birth|former|previous|other|common|alternate|official|local|native|spouse|husband|wife|partner|parent\d?|guardian\d?|mother|father|contact|author|user|login|reporter|principal|head|physician|doctor|staff|teacher|instructor|advis[eo]r|student|person|people|member|employee|applicant|candidate|customer|patient|payee|payer|recipient|sender|emergency\w*|supervisor|manager|evaluator|witness|victim|owner|sibling|child|registrar|signer|counsel(l)?or)_(first_|last_|middle_|full_)?names?|names?_(first|last|middle|full|of_(student|person|parent|guardian|father|mother)|\w*suffix|display)|fname|lname|mname|mi|initials|salutation|signatures?|mother_maiden\w*|alias(es)?|c_?o_name|aka|names?_in_\w+|last_first(_name)?)_/,
    unless: ABOUT,
    holds: 'texts',
  },
  {
    privacy: 'direct',
    what: 'a name as it is shown',
    words: /_(short|display|screen|known_as)_name_$|_known_as_$/,
    unless: ABOUT,
    holds: 'texts',
    tables: 'of persons',
  },
  {
    privacy: 'direct',
    what: 'a person, named',
    words:
      /_(instructor|advis[eo]r|teacher|student|spouse|husband|wife|donor|(company|primary|secondary|immediate|office|main|emergency)_contact|mother|father|parents?|guardian\d?|holder|payee|payer|beneficiary|next_of_kin|kin|recipient|signatory|principal|headteacher|evaluator|examiner|interviewer|reporter|contact_person|witness(es)?|supervisor|counsel(l)?or|employer|siblings?|applicant|registered_by|collected_by)(_\d)?_$|_emerg\w*_/,
    unless: /_(id|key|count|type|status|relation\w*|priority|order|date|flag|ind|yn)_$/,
    holds: 'texts',
  },
  {
    privacy: 'direct',
    what: 'an e-mail address',
    words:
      /_(e_?mails?|email_(addr\w*|id|personal|work|home|school|alternate|primary|secondary|\d)|mail_address|emal)_|_mail_$/,
    unless: ABOUT_MAIL,
    holds: 'texts',
  },
  {
    privacy: 'direct',
    what: 'a telephone number',
    words:
      /_(phones?|phone\w*|tele|tel|telephones?|telephone\w*|mobile|cell|cellular|fax|sms|whatsapp|pager|skype|area_code|mob(_(no|num|number))?|contact_(no|num|numbers?))_/,
    unless: ABOUT,
    holds: 'values',
  },
  {
    privacy: 'direct',
    what: 'an address',
    words:
      /_(street\w*|addr\w*|line_?[1234]|house_(no|number|name)|apartment\w*|apt|suite|po_box|home_town_address)_/,
    unless:
      /_(types?|kind|id|seq|sequence|code|country|county|state|city|district|source|from_date|to_date|status|valid\w*|at|on|format|label)_$|_(web|url|site|http|www|ip|mac|network|link)_addr/,
    holds: 'texts',
  },
  {
    privacy: 'direct',
    what: 'a picture, a page or a number plate of a person',
    words:
      /_(avatar_(image_)?(url|path|file)|avatar|profile_(image|pic\w*|photo)|picture|headshot|homepage|personal_url|linkedin|vehicle_(reg\w*|plate|number|no|licen[cs]e)|licen[cs]e_plate|plate_(no|number)|facebook|twitter|instagram|msn|icq|yahoo|aim|social_media\w*)_/,
    unless: /_(default|logo|course)_|_(state|source|type|status)_$/,
    holds: 'values',
  },
  {
    privacy: 'direct',
    what: 'an id by which people know a person',
    words:
      /_((student|person|employee|staff|teacher|campus|applicant|instructor|faculty|member|admission|roll|registration|reg|register|candidate|badge|library|library_card|locker)_(number|no|nr|num|identification_code)|(student|person|employee|staff)_code|library_card|(student|person|staff|user|employee|contact|parent|applicant)_(unique_id|uid|identification_code|barcode|rfid|badge\w*)|(state|local|district)_(student|person|staff)_(id|number)|(alt|alternate)_(student_)?id|student_id|id_(number|no|num)|sis_user_id|emplid|empl_id|campus_id|banner_id|spriden_id|uln|upn|husid|hesa_(id|number|no)|ucas_(id|number|no|num)|matric(ulation)?(_(number|no|num|id|nr))?|card_id|card_no|unique_id|login|log_in|login_id|logon|net_?id|web_id|eppn|sso_id|ldap\w*|orcid|external_id|issuer_document_identification_code|document_identification_code|barcode|rfid)_|^_uid_$/,
    unless:
      /_(failed|attempts?|count|last|current|date|time|asset|book|item|product)_|_(types?|status|school|district|code_type|system|state|expir\w*)_$/,
    holds: 'values',
  },
  {
    privacy: 'quasi',
    what: 'birth, death or age',
    words: /_(birth\w*|born|dob|age|deceased|dead|death)_/,
  },
  {
    privacy: 'quasi',
    what: 'a place or a trait that helps to find a person',
    words:
      /_(zip\w*|postal\w*|city|town|county|latitude|longitude|lat|lon|lng|geo\w*|gender\w*|gndr|sex|marital\w*|mrtl|hometown|residen(cy|ce)|domicile\w*|first_generation|first_gen|mother_tongue|native_language|home_language|occupation|salutation|height|weight|eye_color|hair_color|children|siblings)_/,
  },
  {
    privacy: 'quasi',
    what: "a person's number inside the system",
    words:
      /_((user|person|student|pers|instructor|advis[eo]r|advisee|grader|author|editor|owner|teacher|faculty|staff|member|employee|recipient|sender|observer|applicant|alumn\w*|guardian|parent_person|pseudonym|contact|approver|assessor|creator|real_user|merged_into_user|associated_user)_(id|key|sk|uuid|guid)|pidm|user|(entered|created|updated|changed|modified|placed|released|approved|awarded|graded|posted|added|deleted|uploaded|published|recorded)_by|usi|uid|person_uid)_$|_(person|user)_id_(?!creator|modified|updated?|created|last_edit)[a-z]+_$/,
  },
  {
    privacy: 'education',
    what: 'the education record',
    words:
      /_(gpa|high_school|credits?_(earned|attempted)|(earned|attempted|transfer)_credits?|grades?|grade_points?|quality_points|honou?rs?|probation|dean\w*_list|standing\w*|transcript\w*|absen\w*|attend\w*|withdr\w*|confid\w*|ferpa\w*|privacy_flag|directory_(info\w*|opt\w*)|holds?)_/,
    unless: /_(id|key)_$/,
  },
];
