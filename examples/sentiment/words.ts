/** The vocabulary of the made-up tweets. All airlines, flights and complaints are invented. */
export const airlines = ['Aeroline', 'NimbusAir', 'Skylark', 'BlueHeron', 'Transpolar', 'Cumulus'];
export const cities = ['Lyon', 'Porto', 'Oslo', 'Turin', 'Leeds', 'Ghent', 'Split', 'Bergen', 'Nantes', 'Graz', 'Malmo', 'Vigo'];
const hours = ['2 hours', '3 hours', '5 hrs', 'forty minutes', 'half a day', '90 min', 'an hour'];

export interface Topic {
  readonly name: string;
  readonly things: readonly string[];
  readonly bad: readonly string[];
  readonly good: readonly string[];
  readonly ask: readonly string[];
}

export const topics: readonly Topic[] = [
  {
    name: 'delay',
    things: ['flight to {city}', 'connection in {city}', 'departure', 'plane', 'evening flight'],
    bad: [
      'is late again',
      'delayed {hours} and nobody says why',
      'still sitting on the runway after {hours}',
      'missed because of you',
      'pushed back a third time',
    ],
    good: ['left on time', 'landed early in {city}', 'made up the delay', 'boarded in ten minutes'],
    ask: ['is the {city} flight on time today', 'when does boarding start for {city}', 'which gate for {city}'],
  },
  {
    name: 'baggage',
    things: ['bag', 'suitcase', 'luggage', 'stroller', 'checked bag'],
    bad: [
      'is lost and the desk is closed',
      'arrived broken',
      'went to {city} without me',
      'has been missing for {hours}',
      'came out soaked',
    ],
    good: ['was first on the belt', 'found and delivered to my door', 'arrived before me'],
    ask: ['how many bags can I take to {city}', 'what is the weight limit for a suitcase', 'do skis count as luggage'],
  },
  {
    name: 'refund',
    things: ['refund', 'voucher', 'compensation', 'claim', 'fee'],
    bad: ['is refused without a reason', 'takes months', 'was promised and never came', 'is a joke', 'vanished from my account'],
    good: ['came within a day', 'was handled without a single call', 'more than I asked for'],
    ask: ['where do I send the refund form', 'does a voucher expire', 'can I change the name on a ticket'],
  },
  {
    name: 'crew',
    things: ['crew', 'gate agent', 'steward', 'pilot', 'desk in {city}'],
    bad: [
      'was rude to my mother',
      'ignored the whole queue',
      'had no idea what to do',
      'shouted at passengers',
      'walked away mid sentence',
    ],
    good: ['was so kind to my kids', 'made my day', 'went out of their way to help', 'deserves a raise', 'stayed calm and helpful'],
    ask: ['who do I thank for the {city} crew', 'is there staff at the desk in {city} at night'],
  },
  {
    name: 'service',
    things: ['phone line', 'app', 'website', 'chat', 'hotline'],
    bad: ['keeps hanging up on me', 'crashed during payment', 'has me on hold for {hours}', 'charged me twice', 'logs me out each time'],
    good: ['answered in a minute', 'just works now', 'solved it on the first try', 'is faster than ever'],
    ask: ['is the app down', 'what is the number of the {city} office', 'can I check in online for {city}'],
  },
  {
    name: 'cabin',
    things: ['seat', 'cabin', 'food', 'wifi', 'legroom'],
    bad: ['is filthy', 'does not recline', 'is stone cold', 'never worked once', 'smells of fuel'],
    good: ['is spotless', 'was a nice surprise', 'is the best I had in years', 'worked the whole way'],
    ask: ['is there wifi on the {city} route', 'can I get a vegetarian meal', 'which seats have more legroom'],
  },
];

export const fill = (text: string, pick: <T>(from: readonly T[]) => T): string =>
  text.replaceAll('{city}', () => pick(cities)).replaceAll('{hours}', () => pick(hours));
