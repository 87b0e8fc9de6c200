import type { Random } from '../random.ts';

/** Names as a college has them: from many places, in several scripts, some with marks, spaces and apostrophes. */
const GIVEN =
  `Maria José Ana Luis Sofía Diego Camila Mateo Aaliyah DeShawn Imani Malik Emma Liam Olivia Noah Ava Ethan
Mia Lucas Chloé Zoë Noël Renée Søren Åsa Björn Łukasz Zofia Małgorzata Jiří Žofie Nguyễn Thảo Minh Linh Wei Xiu
Yuki Haruto Jisoo Minjun Priya Arjun Ananya Rohan Fatima Omar Layla Yusuf Chidi Ngozi Amara Kwame Tariq Noor
Destiny Tyler Hannah Jacob Madison Caleb Grace Isaiah Naomi Elijah Ruth Samuel Siobhán Ciarán Eoin Kaia Nalani
Дмитрий Ольга Νίκος Ελένη 小明 さくら 민준`.split(/\s+/);
const FAMILY =
  `García Rodríguez Hernández Martínez López Núñez Peña Smith Johnson Williams Brown Jones Davis Miller
Wilson Moore Taylor Washington Jefferson Banks O'Brien O’Connor McKenzie Müller Schröder Weiß Nowak Wiśniewski
Dvořák Novák Nguyễn Trần Phạm Lê Wang Li Zhang Chen Kim Park Choi Tanaka Suzuki Sato Patel Singh Sharma Khan
Hussain Ali Ahmed Okafor Adeyemi Mensah Diallo Begay Yazzie Kealoha Nakamura Ivanov Petrova Papadopoulos
Öztürk Şahin Ångström D'Angelo Rossi Ferrari Silva Souza Costa`.split(/\s+/);
const DOUBLE = ['García Márquez', 'de la Cruz', 'van der Berg', 'Smith-Jones', 'Al-Rashid', 'St. John'];

export interface Name {
  readonly given: string;
  readonly family: string;
}

export function drawName(random: Random): Name {
  return {
    given: random.pick(GIVEN),
    family: random.chance(0.05) ? random.pick(DOUBLE) : random.pick(FAMILY),
  };
}

/** A login name: letters of the name that ASCII knows, then the person's number, so that none comes twice. */
export function loginOf(name: Name, number: number): string {
  const ascii = (text: string) =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  return `${ascii(name.given).slice(0, 1) || 'x'}${ascii(name.family).slice(0, 8) || 'user'}${number}`;
}
