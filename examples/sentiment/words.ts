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

/** What tweets are about once the ground staff walks out: topics and words that nobody used before. */
export const strikeTopics: readonly Topic[] = [
  {
    name: 'walkout',
    things: ['walkout', 'picket at {city}', 'union', 'ground staff', 'handling'],
    bad: [
      'means a night on the terminal floor, love it',
      'leaves us stranded in {city}, great work',
      'and where do we sleep, in the lounge',
      'grounds {city}, thank you for the text at midnight',
      'strands my kids at the carousel, so kind',
    ],
    good: [
      'delayed us {hours} and they shared water with the whole queue',
      'cost us {hours}, still nobody was left alone',
      'missed nothing: blankets for everyone',
    ],
    ask: ['does the walkout affect {city}', 'is the picket over in {city}', 'which terminals are open during the walkout'],
  },
  {
    name: 'rebooking',
    things: ['rebooking', 'waitlist', 'standby list', 'reroute via {city}', 'replacement coach'],
    bad: [
      'found me a seat, for next Thursday, wow',
      'answered in a minute: no',
      'delivered us to {city}, we live in {city}',
      'made a family of four fly on three days',
      'is handled by a number that nobody staffs',
    ],
    good: [
      'after the lost connection got us home by supper',
      'took one tap while the hotline was dead',
      'covered the hotel, refused by everyone else',
    ],
    ask: ['how does standby work during the walkout', 'can I swap my waitlist place', 'is the coach to {city} confirmed'],
  },
  {
    name: 'kiosk',
    things: ['face scanner', 'kiosk', 'digital pass', 'QR gate', 'chatbot'],
    bad: [
      'says welcome and keeps the door shut',
      'thanks me and starts over, and over',
      'smiles at two hundred people in the rain',
      'asks for a pass it has yet to send',
      'wishes me a pleasant flight that left',
    ],
    good: ['had me past the broken counters in seconds', 'sorted what the rude desk never did', 'saved {hours} of hold music today'],
    ask: ['where do I get the digital pass', 'do kiosks in {city} print tags', 'does the scanner take glasses'],
  },
];

export const fill = (text: string, pick: <T>(from: readonly T[]) => T): string =>
  text.replaceAll('{city}', () => pick(cities)).replaceAll('{hours}', () => pick(hours));
