/**
 * Words of identifiers in German, Spanish, French, Italian, Portuguese and Dutch that say something about a person, with
 * the English words that the rules know. Without accents, as identifiers are; German umlauts both ways.
 */
const GERMAN = `
svnr=ssn svnummer=ssn sozialversicherungsnummer=ssn sozialversicherung=ssn rentenversicherungsnummer=ssn
steuernummer=tax_id steuerid=tax_id steueridentifikationsnummer=tax_id ausweisnummer=national_id ausweis=national_id
personalausweis=national_id reisepass=passport fuehrerschein=driver_license ersatzkennzeichen=national_id bpk=national_id
idnachweis=national_id kontonr=account_number kontonummer=account_number kontoinhaber=account_holder
bankverbindung=bank bankleitzahl=routing blz=routing kreditkarte=credit_card_number konto=account konten=accounts
passwort=password kennwort=password zugangscode=access_code aktivierungscode=access_code zugangsdaten=password
vorname=first_name vornamen=first_name rufname=first_name nachname=last_name familienname=last_name zuname=last_name
geburtsname=birth_name spitzname=nick_name benutzername=user_name anrede=salutation unterschrift=signature
anschrift=address adresse=address adressen=addresses strasse=street hausnummer=house_number hausnr=house_number
plz=postal postleitzahl=postal ort=city wohnort=city gemeinde=town bundesland=county telefon=telephone
telefonnummer=telephone telefonklappe=telephone rufnummer=telephone handy=mobile mobiltelefon=mobile
geburtsdatum=birth_date gebdatum=birth_date geburtstag=birth_date geburtsjahr=birth_year geburtsort=birth_city
gebort=birth_city gebzeit=birth_time geburt=birth geburtsland=nationality geburtsnation=nationality alter=old
staatsbuergerschaft=citizenship staatsangehoerigkeit=citizenship nationalitaet=nationality herkunftsland=nationality
herkunft=ethnicity migrationshintergrund=immigration aufenthaltstitel=visa fluechtling=refugee geschlecht=gender
familienstand=marital_status kinder=children anzahlkinder=children religionsbekenntnis=religion konfession=religion
bekenntnis=religion kleriker=religion behinderung=disability behindert=disability schwerbehindert=disability
behinderungszuschuss=disability krankheit=diagnosis krankheiten=diagnosis krankmeldung=medical krankenstand=medical
krankenkasse=medical krankenversicherung=medical gesundheit=health allergie=allergy allergien=allergies impfung=vaccine
impfungen=vaccines schwangerschaft=pregnancy schwanger=pregnancy arzt=physician hausarzt=physician diagnose=diagnosis
foerderbedarf=disability foto=photo lichtbild=photo passbild=photo notfall=emergency notfallkontakt=emergency
bemerkung=remark bemerkungen=remarks anmerkung=remark anmerkungen=remarks kommentar=comment kommentare=comments
notiz=note notizen=notes beschreibung=description kurzbeschreibung=description begruendung=reason inhalt=content
nachricht=message betreff=subject_line lebenslauf=biography stellungnahme=statement beurteilung=remark
kontakt=contact kontakte=contacts ansprechpartner=contact_person ansprechperson=contact_person
kontaktperson=contact_person betreuer=advisor pruefer=examiner matrikelnr=student_number matrikelnummer=student_number
matrnr=student_number matr=matriculation personalnummer=employee_number personalnr=employee_number
personenkennzeichen=student_number benutzer=user nutzer=user mitarbeiter=employee angestellte=employees lektor=teacher
dozent=instructor dozenten=instructors lehrer=teacher lehrkraft=teacher schueler=student schuelerin=student
studierende=students studierender=student studentin=student studenten=students bewerber=applicant
interessent=applicant eltern=parents vater=father mutter=mother vormund=guardian erziehungsberechtigter=guardian
noten=grades zeugnis=transcript pruefung=exam pruefungen=exams anwesenheit=attendance abwesenheit=absence
fehlzeit=absence fehlzeiten=absences akte=record akten=records gehalt=salary lohn=wage entgelt=salary besoldung=salary
stundensatz=hourly_rate einkommen=income bafoeg=aid_application studienbeihilfe=scholarship stipendium=scholarship
beihilfe=scholarship typ=type typen=types arten=kinds status=status grund=reason_code kategorie=category
kategorien=categories firma=company firmen=companies standort=location raum=room veranstaltung=event vertrag=contract zeitsperre=absence kompetenzen=skills
ipadresse=ip_address`;

const SPANISH = `
dni=national_id nie=national_id curp=national_id cedula=national_id rut=national_id nuip=national_id cuil=tax_id
cuit=tax_id nif=tax_id rfc=tax_id nss=ssn pasaporte=passport contrasena=password contrasenia=password nombre=first_name
nombres=first_name apellido=last_name apellidos=last_name correo=email telefono=telephone movil=mobile celular=mobile
direccion=address domicilio=address calle=street colonia=street ciudad=city municipio=town barrio=town nacimiento=birth
edad=age sexo=sex genero=gender civil=marital nacionalidad=nationality ciudadania=citizenship discapacidad=disability
enfermedad=diagnosis enfermedades=diagnosis alergia=allergy alergias=allergies sangre=medical embarazo=pregnancy
salud=health seguro=insurance etnia=ethnicity indigena=ethnicity raza=race observacion=remark observaciones=remarks
comentario=comment comentarios=comments descripcion=description motivo=reason mensaje=message alumno=student
alumna=student alumnos=students estudiante=student estudiantes=students profesor=instructor profesores=instructors
docente=instructor docentes=instructors empleado=employee empleados=employees usuario=user usuarios=users padre=father
madre=mother acudiente=guardian apoderado=guardian persona=person personas=persons calificacion=grade
calificaciones=grades asistencia=attendance inasistencia=absence inscripcion=enrollment beca=scholarship becas=scholarships
becario=scholarship ingresos=income sueldo=salary salario=salary banco=bank bancaria=bank bancario=bank cuenta=account tarjeta=card_number expediente=record`;

const FRENCH = `
nir=national_id insee=national_id secu=ssn passeport=passport motdepasse=password mdp=password nom=last_name
prenom=first_name prenoms=first_name civilite=salutation courriel=email courriels=emails tel=telephone portable=mobile
rue=street ville=city commune=town naissance=birth age=age sexe=sex familiale=marital matrimoniale=marital
nationalite=nationality citoyennete=citizenship handicap=disability maladie=diagnosis maladies=diagnosis sante=health
medecin=physician allergies=allergies enceinte=pregnancy vaccins=vaccines remarque=remark remarques=remarks
commentaire=comment commentaires=comments appreciation=comment appreciations=comments motif=reason contenu=content
etudiant=student etudiants=students eleve=student eleves=students apprenant=student enseignant=instructor
enseignants=instructors professeur=instructor personnel=employee utilisateur=user utilisateurs=users pere=father
mere=mother tuteur=guardian tutrice=guardian personne=person personnes=persons bourse=scholarship boursier=scholarship
boursiere=scholarship salaire=salary revenu=income revenus=income banque=bank bancaire=bank compte=account rib=iban ine=student_number
inscription=enrollment dossier=record`;

const ITALIAN = `
fiscale=tax_id codicefiscale=tax_id passaporto=passport cognome=last_name nome=first_name indirizzo=address citta=city
comune=town cellulare=mobile nascita=birth datanascita=birth_date sesso=sex cittadinanza=citizenship nazionalita=nationality
disabilita=disability invalidita=disability malattia=diagnosis salute=health osservazioni=remarks commento=comment
commenti=comments descrizione=description studente=student studenti=students alunno=student alunni=students
insegnante=instructor utente=user utenti=users genitore=parent_person stipendio=salary reddito=income residenza=address`;

const PORTUGUESE = `
cpf=ssn rg=national_id cnh=driver_license senha=password sobrenome=last_name endereco=address logradouro=street rua=street
bairro=town cep=postal cidade=city telefone=telephone nascimento=birth naturalidade=birth_city idade=age raca=race
deficiencia=disability doenca=diagnosis doencas=diagnosis saude=health religiao=religion nacionalidade=nationality
cidadania=citizenship observacao=remark observacoes=remarks comentarios=comments descricao=description aluno=student
alunos=students estudantes=students professor=instructor professores=instructors funcionario=employee
funcionarios=employees mae=mother pai=father responsavel=guardian pessoa=person pessoas=persons renda=income
bolsa=scholarship bolsista=scholarship frequencia=attendance conta=account`;

const DUTCH = `
bsn=ssn burgerservicenummer=ssn paspoort=passport wachtwoord=password voornaam=first_name voornamen=first_name
achternaam=last_name tussenvoegsel=last_name roepnaam=first_name geboortedatum=birth_date geboorteplaats=birth_city
geboorteland=nationality geslacht=gender straat=street huisnummer=house_number woonplaats=city adres=address
telefoon=telephone telefoonnummer=telephone mobiel=mobile nationaliteit=nationality rekeningnummer=account_number
opmerking=remark opmerkingen=remarks toelichting=remark omschrijving=description leerling=student leerlingen=students
studentnummer=student_number docent=instructor docenten=instructors medewerker=employee medewerkers=employees
gebruiker=user gebruikers=users ouder=parent_person vader=father moeder=mother verzuim=absence cijfer=grade
cijfers=grades gezondheid=health ziekte=diagnosis beperking=disability geloof=religion loon=salary salaris=salary`;

function listed(text: string): [string, readonly string[]][] {
  return text
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [word, english] = entry.split('=') as [string, string];
      return [word, english.split('_')];
    });
}

/** English words for each foreign one. Where two languages share a word, the first language listed wins. */
export const FOREIGN_WORDS: ReadonlyMap<string, readonly string[]> = new Map(
  [GERMAN, SPANISH, FRENCH, ITALIAN, PORTUGUESE, DUTCH].reverse().flatMap(listed),
);

/** Words of the languages in which a `note` or `nota` is a mark; in Italian and Dutch it is a remark. */
export const WHERE_NOTES_ARE_MARKS: ReadonlySet<string> = new Set(
  [GERMAN, SPANISH, FRENCH].flatMap(listed).flatMap(([word, english]) => (english[0] === word ? [] : [word])),
);
