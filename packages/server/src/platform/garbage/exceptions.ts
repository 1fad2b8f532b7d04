/** Columns that name blobs and do not keep them, each with its reason. All others keep what they name. */
export const exceptions: Readonly<Record<string, string>> = {
  'blob_ref.digest': 'says who may read a blob while it is there, and goes with it',
  'event.data': 'tells what happened, for ever',
  'idempotency_key.answer': 'what the answer named has rows of its own',
  'notification.about': 'tells what happened',
  'webhook_delivery.body': 'tells what happened',
};
