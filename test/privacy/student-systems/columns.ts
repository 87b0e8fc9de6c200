/**
 * Names of tables and columns of student information systems, with the class that a careful reader of the schema gives
 * them. The names are facts taken from public schemas and documentation; choice and classes are this project's own.
 *
 * One line a table: `table | column:type class "label or comment" , …`. Type: i integer, b flag, d date, t timestamp,
 * x long text, j JSON, y bytes, 1 one letter; default a text. No class: not to be taken for more than a fact of the
 * record (none, quasi, education).
 */
export const STUDENT_SYSTEMS: Readonly<Record<string, string>> = {
  // https://gitlab.com/francoisjacquet/rosariosis, rosariosis.sql (GPL-2.0)
  RosarioSIS: `
students | student_id:i direct, last_name direct, first_name direct, middle_name direct, username direct, password secret, last_login:t, failed_login:i, custom_200000000 "Gender", custom_200000001 special "Ethnicity", custom_200000002 direct "Common Name", custom_200000003 secret "Social Security", custom_200000004:d "Birthdate", custom_200000006 special "Physician", custom_200000007 direct "Physician Phone", custom_200000008 special "Preferred Hospital", custom_200000009:x text "Comments", custom_200000010:1 special "Has Doctor's Note", custom_200000011:x special "Doctor's Note Comments"
student_medical_alerts | id:i, student_id:i direct, title special
student_medical_visits | id:i, student_id:i direct, school_date:d special, time_in special, time_out special, reason text, result special, comments:x text
student_medical | id:i, student_id:i direct, type special, medical_date:d special, comments:x text
food_service_student_accounts | student_id:i direct, account_id:i, discount special, status special
people_join_contacts | id:i, person_id:i, title, value direct
schools | id:i, title, city, zipcode, phone, principal direct, short_name
attendance_day | student_id:i direct, school_date:d, minutes_present:i, comment text
student_enrollment | id:i, student_id:i direct, enrollment_code:i, start_date:d, end_date:d, drop_code:i
student_enrollment_codes | id:i, title, short_name, type, default_code:1
student_field_categories | id:i, title, sort_order:i, include
staff_field_categories | id:i, title, columns:i, admin:1, teacher:1, parent:1, none:1
people_field_categories | id:i, title, custody:1, emergency:1
school_marking_periods | marking_period_id:i, mp, title, short_name, does_grades:1, does_comments:1, start_date:d
discipline_referrals | id:i, student_id:i direct, staff_id:i, entry_date:d special, category_1:x special, category_2:x special
access_log | syear:i, username direct, profile, login_time:t, ip_address log, user_agent log, status
courses | course_id:i, subject_id:i, title, short_name, credit_hours:i`,
  // https://github.com/FH-Complete/FHC-Core, system/FHComplete-3.3.sql (GPL-3.0), in German
  'FH-Complete': `
tbl_person | person_id:i, staatsbuergerschaft special, geburtsnation special, anrede direct, titelpre, nachname direct, vorname direct, vornamen direct, gebdatum:d, gebort, foto:x special, anmerkung:x text, homepage direct, svnr secret, ersatzkennzeichen secret, familienstand, geschlecht:1, anzahlkinder:i, aktiv:b, kurzbeschreibung:x text, zugangscode secret, bpk secret, matr_nr direct, udf_values:j text
tbl_benutzer | uid direct, person_id:i, aktiv:b, alias direct, aktivierungscode secret
tbl_adresse | adresse_id:i, person_id:i, name direct, strasse direct, plz, ort, gemeinde, nation, typ, heimatadresse:b, co_name direct
tbl_kontakt | kontakt_id:i, person_id:i, kontakttyp, anmerkung text, kontakt direct, zustellung:b
tbl_bankverbindung | bankverbindung_id:i, person_id:i, name direct, anschrift direct, bic secret, blz secret, iban secret, kontonr secret, typ:1
tbl_akte | akte_id:i, person_id:i, dokument_kurzbz, inhalt:x text, mimetype, erstelltam:d, anmerkung:x text, anmerkung_intern:x text
tbl_student | student_uid direct, matrikelnr direct, prestudent_id:i direct, studiengang_kz:i, semester:i
tbl_mitarbeiter | mitarbeiter_uid direct, personalnummer:i direct, telefonklappe direct, kurzbz, stundensatz:i special, kleriker:b special, anmerkung:x text, ausbildungcode:i, fixangestellt:b
tbl_preoutgoing | preoutgoing_id:i, uid direct, ansprechperson direct, betreuer direct, studienbeihilfe:i aid, behinderungszuschuss:i special, anmerkung_student:x text, anmerkung_admin:x text, dauer_von:d
tbl_lvgesamtnote | student_uid direct, lehrveranstaltung_id:i, note:i, punkte:i, bemerkung:x text, freigabedatum:t
tbl_zeugnisnote | student_uid direct, note:i, uebernahmedatum:t, bemerkung text
tbl_msg_message | message_id:i, person_id:i, subject:x text, body:x text, priority:i
tbl_kontakttyp | kontakttyp, beschreibung
tbl_raumtyp | raumtyp_kurzbz, beschreibung
tbl_lehrveranstaltung | lehrveranstaltung_id:i, bezeichnung, ects:i, semester:i, aktiv:b
tbl_status_grund | statusgrund_id:i, status_kurzbz, beschreibung:x, aktiv:b
tbl_fotostatus | fotostatus_kurzbz, beschreibung`,
  // https://github.com/Ed-Fi-Alliance-OSS/Ed-Fi-ODS (Apache-2.0); PostgreSQL folds its names to lower case
  'Ed-Fi': `
student | studentusi:i, firstname direct, middlename direct, lastsurname direct, maidenname direct, birthdate:d, birthcity, birthsexdescriptorid:i, citizenshipstatusdescriptorid:i special, studentuniqueid direct, createdate:t, id
contact | contactusi:i, firstname direct, lastsurname direct, genderidentity special, loginid direct, contactuniqueid direct, personaltitleprefix
studenteducationorganizationassociation | studentusi:i, educationorganizationid:i, hispaniclatinoethnicity:b special, loginid direct, profilethumbnail special, sexdescriptorid:i, limitedenglishproficiencydescriptorid:i
studenteducationorganizationassociationrace | studentusi:i, racedescriptorid:i special
studenteducationorganizationassociationtribalaffiliation | studentusi:i, tribalaffiliationdescriptorid:i special
studenteducationorganizationassociationdisability | studentusi:i, disabilitydescriptorid:i special, disabilitydiagnosis special, orderofdisability:i special
studenteducationorganizationassociationtelephone | studentusi:i, telephonenumber direct, telephonenumbertypedescriptorid:i, donotpublishindicator:b
studenteducationorganizationassociationaddress | studentusi:i, streetnumbername direct, apartmentroomsuitenumber direct, city, postalcode, latitude, countyfipscode
studentidentificationdocument | studentusi:i, documenttitle, issuerdocumentidentificationcode direct, issuername
studentspecialeducationprogramassociation | studentusi:i, multiplydisabled:b special, medicallyfragile:b special, iepbegindate:d special, ideaeligibility:b special, schoolhoursperweek:i special
studenthomelessprogramassociation | studentusi:i, homelessunaccompaniedyouth:b special, awaitingfostercare:b special
studenthealth | studentusi:i, asofdate:d special, nonmedicalimmunizationexemptiondate:d special
disciplineincident | incidentidentifier, schoolid:i, reportername direct, incidentdescription text "A description of the incident.", incidentdate:d special, createdate:t
staff | staffusi:i, firstname direct, lastsurname direct, hispaniclatinoethnicity:b special, staffuniqueid direct, yearsofpriorteachingexperience:i
staffeducationorganizationemploymentassociation | staffusi:i, annualwage:i special, hourlywage:i special, hiredate:d, credentialidentifier, department
racedescriptor | racedescriptorid:i
credential | credentialidentifier, credentialtypedescriptorid:i, issuancedate:d, namespace
course | coursecode, coursetitle, coursedescription, educationorganizationid:i, timerequiredforcompletion:i
school | schoolid:i, schooltypedescriptorid:i, charterstatusdescriptorid:i`,
  // https://github.com/GibbonEdu/core, gibbon.sql (GPL-3.0)
  Gibbon: `
gibbonPerson | gibbonPersonID:i, title, surname direct, firstName direct, preferredName direct, nameInCharacters direct, username direct, passwordStrong secret, passwordStrongSalt secret, dob:d, email direct, image_240 special, lastIPAddress log, address1 direct, phone1 direct, phone1CountryCode, phone1Type, countryOfBirth special, ethnicity special, religion special, emergency1Name direct, emergency1Number1 direct, studentID direct, departureReason text, vehicleRegistration direct, mfaSecret secret, microsoftAPIRefreshToken secret, canLogin:1, fields:x text
gibbonFirstAid | gibbonFirstAidID:i, gibbonPersonIDPatient:i, description:x text, actionTaken:x text, date:d special, timeIn special
gibbonPersonMedicalCondition | gibbonPersonMedicalConditionID:i, gibbonPersonMedicalID:i special, name special, triggers special, reaction special, medication special
gibbonBehaviour | gibbonBehaviourID:i, gibbonPersonID:i, comment:x text, followup:x text, date:d
gibbonMarkbookColumn | gibbonMarkbookColumnID:i, name, description:x, viewableStudents:1, viewableParents:1, gibbonPersonIDCreator:i
gibbonAction | gibbonActionID:i, name, description, defaultPermissionTeacher:1, defaultPermissionStudent:1
gibbonDepartment | gibbonDepartmentID:i, name, nameShort, blurb:x, logo
gibbonStaffContract | gibbonStaffContractID:i, gibbonStaffID:i, salaryScale special, salaryAmount:i special, notes:x text, dateStart:d`,
  // https://github.com/OS4ED/openSIS-Classic, install/OpensisSchemaMysqlInc.sql (GPL-2.0)
  openSIS: `
students | student_id:i direct, last_name direct, ethnicity special, common_name direct, social_security secret, birthdate, alt_id direct, email direct, phone direct, language, is_disable
medical_info | id:i, student_id:i direct, physician special, physician_phone direct, preferred_hospital special
staff_emergency_contact | staff_id:i, staff_emergency_first_name direct, staff_emergency_home_phone direct, staff_emergency_email direct, staff_emergency_relationship
api_info | id:i, api_key secret, api_secret secret
ethnicity | ethnicity_id:i, ethnicity_name, sort_order:i
school_gradelevels | id:i, school_id:i, short_name, title, next_grade_id:i
msg_inbox | mail_id:i, to_user, from_user, mail_subject text, mail_body:x text, isdraft:i, mail_read_unread`,
  // https://github.com/projectfedena/fedena, db/schema.rb (Apache-2.0)
  Fedena: `
students | id:i, admission_no direct, class_roll_no direct, first_name direct, date_of_birth:d, gender, blood_group special, nationality_id:i special, religion special, address_line1 direct, city, pin_code, phone1 direct, photo_file_name special, photo_file_size:i, passport_number secret, is_sms_enabled:b, user_id:i
employees | id:i, employee_number direct, husband_name direct, marital_status, home_address_line1 direct, mobile_phone direct, children_count:i, experience_detail:x text
employee_bank_details | id:i, employee_id:i, bank_field_id:i, bank_info secret
guardians | id:i, ward_id:i, first_name direct, relation, income aid, occupation, office_phone1 direct
monthly_payslips | id:i, employee_id:i, amount special, is_approved:b, reason text
online_exam_groups | id:i, name, pass_percentage:i, maximum_time:i
employee_positions | id:i, name, employee_category_id:i, status:b`,
  // Names that public SQL and manuals use
  Banner: `
SPBPERS | SPBPERS_PIDM:i, SPBPERS_SSN secret, SPBPERS_BIRTH_DATE:d, SPBPERS_SEX:1, SPBPERS_ETHN_CODE special, SPBPERS_RELG_CODE special, SPBPERS_CITZ_CODE special, SPBPERS_VERA_IND:1 special, SPBPERS_LEGAL_NAME direct, SPBPERS_PREF_FIRST_NAME direct, SPBPERS_CONFID_IND:1, SPBPERS_ACTIVITY_DATE:d
SPRIDEN | SPRIDEN_PIDM:i, SPRIDEN_ID direct, SPRIDEN_LAST_NAME direct, SPRIDEN_FIRST_NAME direct, SPRIDEN_MI direct, SPRIDEN_CHANGE_IND:1
SPRADDR | SPRADDR_PIDM:i, SPRADDR_STREET_LINE1 direct, SPRADDR_CITY, SPRADDR_STAT_CODE, SPRADDR_ZIP, SPRADDR_ATYP_CODE
GOREMAL | GOREMAL_PIDM:i, GOREMAL_EMAIL_ADDRESS direct, GOREMAL_EMAL_CODE, GOREMAL_STATUS_IND:1, GOREMAL_COMMENT text
SPRTELE | SPRTELE_PIDM:i, SPRTELE_PHONE_AREA direct, SPRTELE_PHONE_NUMBER direct, SPRTELE_TELE_CODE
SPREMRG | SPREMRG_PIDM:i, SPREMRG_LAST_NAME direct, SPREMRG_PHONE_NUMBER direct, SPREMRG_RELT_CODE
SPRMEDI | SPRMEDI_PIDM:i, SPRMEDI_MEDI_CODE special, SPRMEDI_DISA_CODE special, SPRMEDI_COMMENT text
GORVISA | GORVISA_PIDM:i, GORVISA_VTYP_CODE special, GORVISA_VISA_NUMBER secret
GXRDIRD | GXRDIRD_PIDM:i, GXRDIRD_BANK_ROUT_NUM secret, GXRDIRD_BANK_ACCT_NUM secret, GXRDIRD_PRIORITY:i
GOBTPAC | GOBTPAC_PIDM:i, GOBTPAC_PIN secret, GOBTPAC_QUESTION secret, GOBTPAC_RESPONSE secret
SFRSTCR | SFRSTCR_TERM_CODE, SFRSTCR_PIDM:i, SFRSTCR_CRN, SFRSTCR_RSTS_CODE, SFRSTCR_GRDE_CODE
RCRAPP1 | RCRAPP1_AIDY_CODE, RCRAPP1_PIDM:i, RCRAPP1_SSN secret, RCRAPP1_AGI:i aid, RCRAPP1_MARITAL_STATUS
STVETHN | STVETHN_CODE, STVETHN_DESC`,
  PeopleSoft: `
PS_PERS_NID | EMPLID direct, COUNTRY, NATIONAL_ID_TYPE, NATIONAL_ID secret, PRIMARY_NID:1
PS_NAMES | EMPLID direct, NAME_TYPE, EFFDT:d, NAME direct, LAST_NAME direct, FIRST_NAME direct, NAME_PREFIX
PS_ADDRESSES | EMPLID direct, ADDRESS_TYPE, ADDRESS1 direct, ADDRESS2 direct, CITY, STATE, POSTAL
PS_EMAIL_ADDRESSES | EMPLID direct, E_ADDR_TYPE, EMAIL_ADDR direct, PREF_EMAIL_FLAG:1
PS_PERSONAL_PHONE | EMPLID direct, PHONE_TYPE, PHONE direct, EXTENSION
PS_VISA_PMT_DATA | EMPLID direct, VISA_PERMIT_TYPE special, VISA_WRKPMT_NBR special, COUNTRY special
PS_DIVERS_ETHNIC | EMPLID direct, ETHNIC_GRP_CD special, PRIMARY_INDICATOR:1 special
PS_ISIR_PARENT | EMPLID direct, INSTITUTION, AID_YEAR, AGI:i aid, FATHER_SSN secret
PS_DISABILITY | EMPLID direct, DISABLED:1 special, DISABLED_VET:1 special
PS_STDNT_ENRL | EMPLID direct, ACAD_CAREER, STRM, CLASS_NBR:i, CRSE_GRADE_OFF, UNT_TAKEN:i`,
  Colleague: `
PERSON | ID, LAST_NAME direct, FIRST_NAME direct, SSN secret, BIRTH_DATE:d, GENDER, PER_ETHNIC special, CITIZENSHIP special, PERSON_EMAIL_ADDRESSES direct, VISA_TYPE special, PRIVACY_FLAG
STUDENT_ACAD_CRED | STC_PERSON_ID, STC_TERM, STC_CRED:i, STC_VERIFIED_GRADE
COURSES | CRS_NAME, CRS_TITLE, CRS_DESC:x, CRS_MIN_CRED:i`,
  PowerSchool: `
STUDENTS | DCID:i, ID:i, STUDENT_NUMBER:i direct, LASTFIRST direct, LAST_NAME direct, DOB:d, ETHNICITY special, SSN secret, HOME_PHONE direct, STREET direct, MAILING_STREET direct, CITY, ZIP, MOTHER direct, FATHER direct, GUARDIANEMAIL direct, EMERG_CONTACT_1 direct, EMERG_PHONE_1 direct, DOCTOR_NAME direct, DOCTOR_PHONE direct, ALERT_MEDICAL:x special, LUNCHSTATUS special, WEB_PASSWORD secret, WEB_ID direct, STUDENT_WEB_PASSWORD secret, STATE_STUDENTNUMBER direct, LOCKER_NUMBER direct, GRADE_LEVEL:i, ENTRYDATE:d, EXITCOMMENT:x text, HOMEROOM_TEACHER direct
CC | ID:i, STUDENTID:i direct, SECTIONID:i, TERMID:i, DATEENROLLED:d, TEACHERID:i
COURSES | DCID:i, COURSE_NAME, COURSE_NUMBER, CREDIT_HOURS:i`,
  // https://github.com/CEDStandards/CEDS-IDS (Apache-2.0)
  CEDS: `
Person | PersonId:i, FirstName direct, MiddleName direct, LastName direct, Birthdate:d, RefSexId:i, HispanicLatinoEthnicity:b special, RefUSCitizenshipStatusId:i special, RefVisaTypeId:i special, RefTribalAffiliationId:i special
PersonIdentifier | PersonIdentifierId:i, PersonId:i, Identifier direct, RefPersonIdentificationSystemId:i
PersonAddress | PersonAddressId:i, PersonId:i, StreetNumberAndName direct, ApartmentRoomOrSuiteNumber direct, City, PostalCode
PersonTelephone | PersonTelephoneId:i, PersonId:i, TelephoneNumber direct, PrimaryTelephoneNumberIndicator:b
PersonDisability | PersonId:i, PrimaryDisabilityTypeId:i special, DisabilityStatus:b special
PersonHomelessness | PersonId:i, HomelessnessStatus:b special, RefHomelessNighttimeResidenceId:i special
RefRace | RefRaceId:i, Description, Code, Definition, SortOrder:i`,
  // https://github.com/moodle/moodle, lib/db/install.xml (GPL-3.0)
  Moodle: `
user | id:i, username direct, password secret, idnumber direct, firstname direct, lastname direct, email direct, emailstop:i, phone1 direct, address direct, city, country, lang, lastip log, secret secret, description:x text, lastlogin:i, timezone
message | id:i, useridfrom:i, useridto:i, subject:x text, fullmessage:x text, fullmessageformat:i, smallmessage:x text, timecreated:i
sessions | id:i, sid log, userid:i, sessdata:x log, firstip log, lastip log, timecreated:i
course | id:i, fullname, shortname, idnumber, summary:x, format, visible:i
modules | id:i, name, version:i, cron:i, visible:i`,
  'made up, Spanish': `
alumnos | id:i, nombres direct, apellido_paterno direct, curp secret, fecha_nacimiento:d, correo_electronico direct, telefono_casa direct, direccion direct, codigo_postal, tipo_sangre special, discapacidad special, lengua_indigena special, observaciones:x text, contrasena secret, clave secret, beca aid
materias | id:i, clave_materia, nombre_materia, creditos:i
tutores | id:i, nombre_completo direct, ingresos_mensuales:i aid, cuenta_bancaria secret`,
  'made up, French': `
etudiants | id:i, nom direct, prenom direct, numero_secu secret, date_naissance:d, adresse_postale direct, telephone_portable direct, courriel direct, nationalite special, situation_handicap special, boursier:b aid, ine direct, motdepasse secret, commentaires:x text
notes | etudiant_id:i, matiere_id:i, note:i, appreciation:x text
cours | id:i, intitule, credits:i`,
  'made up, Portuguese': `
alunos | id:i, nome direct, sobrenome direct, cpf secret, rg secret, data_nascimento:d, endereco direct, bairro, cep, telefone direct, raca special, deficiencia special, nome_mae direct, observacoes:x text, senha secret, renda_familiar:i aid
disciplinas | id:i, codigo, carga_horaria:i`,
  'made up, Italian and Dutch': `
studenti | id:i, nome direct, cognome direct, codice_fiscale secret, data_nascita:d, indirizzo direct, cellulare direct, cittadinanza special, disabilita special, osservazioni:x text
leerlingen | id:i, voornaam direct, achternaam direct, bsn secret, geboortedatum:d, straat direct, huisnummer direct, woonplaats, telefoonnummer direct, nationaliteit special, opmerkingen:x text, wachtwoord secret`,
};
