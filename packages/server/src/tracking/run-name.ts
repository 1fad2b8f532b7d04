/** A name that people can say, for a run that was given none: always the same for one id. */
export const runName = (id: string): string => {
  const random = Number.parseInt(id.slice(-12), 16);
  const adjective = adjectives[random % adjectives.length]!;
  const noun = nouns[Math.floor(random / adjectives.length) % nouns.length]!;
  return `${adjective}-${noun}-${Math.floor(random / adjectives.length / nouns.length) % 1000}`;
};

const adjectives =
  'able agile amber awake blithe bold brave breezy bright brisk calm candid clear clever cosy crisp curious daring deft eager early easy fair fleet fond frank fresh gentle glad golden grand happy hardy honest humble jolly keen kind light lively lucky mellow merry mild neat nimble noble patient placid plucky polite proud quick quiet rapid ready rosy serene sharp silver smart snug spry steady sunny swift tidy trusty upbeat vivid warm wise witty young zesty'.split(
    ' ',
  );
const nouns =
  'ant badger bear beaver bee bison crane crow deer dove duck eagle egret falcon ferret finch fox frog gecko goat goose gull hare hawk heron horse ibis jay kite koala lark lemur lion lynx magpie marten mole moose moth mouse newt otter owl panda pigeon plover puffin quail rabbit raven robin rook seal shrew snail sparrow squid stoat stork swan swift tern thrush tiger toad trout turtle vole walrus whale wolf wombat wren yak zebra'.split(
    ' ',
  );
