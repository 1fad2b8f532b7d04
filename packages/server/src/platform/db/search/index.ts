export { type Condition, conditionOf, type Matching, matchingIn } from './match.ts';
export { firstBy, inOrder, isAfter, keyColumns, type OrderKey, pageOfIds, type Position, positionOf, readToken, tokenOf } from './page.ts';
