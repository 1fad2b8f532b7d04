import type { Messages } from './en.ts';

// French counts zero as singular. The spaces before ; : ? ! % and inside « » are no-break spaces (U+00A0); keep them.
const plural = (n: number, one: string, other: string): string => (n < 2 ? one : other);
const list = (parts: readonly (string | null | undefined)[]): string => parts.filter(Boolean).join(', ');

const databases: Record<string, string> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const averages: Record<string, string> = { macro: 'macro', weighted: 'pondérée' };
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const metrics: Record<string, string> = {
  f1: 'F1',
  recall: 'rappel',
  precision: 'précision',
  accuracy: 'exactitude',
  roc_auc: 'AUC ROC',
  average_precision: 'précision moyenne',
  brier: 'score de Brier',
  log_loss: 'perte logarithmique',
};

export const fr: Messages = {
  app: {
    skip: 'Aller au contenu',
    language: 'Langue',
    toDark: 'Passer au thème sombre',
    toLight: 'Passer au thème clair',
    mainNav: 'Navigation principale',
    loopSection: 'La boucle',
    moreSection: 'Pour les programmes',
    openapi: 'OpenAPI 3.1',
    side: 'Projet et pages',
    project: 'Projets',
    switchProject: 'Changer de projet',
    copy: 'Copier',
    copied: 'Copié',
    system: (database, node) => `${databases[database] ?? database}, Node ${node.replace(/^v/, '')}`,
    loading: 'Chargement',
  },
  nav: {
    overview: 'Vue d’ensemble',
    stories: 'Histoires',
    data: 'Données',
    pipelines: 'Pipelines',
    runs: 'Essais',
    comparison: 'Comparaison',
    models: 'Modèles',
    endpoints: 'Points d’accès',
    monitoring: 'Surveillance',
    rollouts: 'Déploiements',
  },
  question: { overview: 'La boucle tourne-t-elle, et le problème recule-t-il ?' },
  title: (page, project) => `${page}, ${project} · Boucle`,
  mark: {
    ok: 'OK',
    attention: 'À surveiller',
    broken: 'En panne',
    running: 'En cours',
    idle: 'Rien encore',
    reused: 'Du cache',
    stopped: 'Arrêté',
  },
  metric: (name, of) => `${metrics[name] ?? name}${of === null ? '' : ` ${averages[of] ?? of}`}`,
  rows: { test: 'sur les lignes de test', validation: 'sur les lignes de validation', train: 'sur les lignes d’entraînement' },
  ago: (said) => said ?? 'à l’instant',
  live: {
    connecting: 'Connexion',
    live: 'En direct',
    lost: 'Pas en direct',
    at: (time) => `${time} UTC`,
    asOf: (time) => `état à ${time} UTC`,
    lostTitle: 'Le fil des événements est interrompu',
    lostBody: (time, every) =>
      `État à ${time} UTC. Nouvelle demande toutes les ${every} jusqu’à son retour ; rien n’est perdu entre-temps.`,
    silentTitle: 'Le serveur ne répond pas',
    silentBody: (time, every) => `État à ${time} UTC. Nouvel essai toutes les ${every}. S’il a été arrêté, relancez-le avec boucle up.`,
    again: 'Demander maintenant',
  },
  loop: {
    title: 'La boucle',
    inWords: 'Les sept stations de la boucle, chacune avec son état et un nombre',
    stations: {
      framing: 'Cadrage',
      datasets: 'Données',
      pipelines: 'Pipelines',
      tracking: 'Suivi',
      registry: 'Registre',
      serving: 'Service',
      monitoring: 'Surveillance',
    },
    version: (n) => `v${n}`,
    framing: (kpis) => plural(kpis, 'indicateur', 'indicateurs'),
    datasets: (name, version) => `lignes dans ${name} ${version}`,
    runFailed: (pipeline) => `échec de ${pipeline}`,
    running: (step) => `${step} en cours`,
    ran: (pipeline, cached, steps) =>
      cached > 0
        ? `${cached} ${plural(cached, 'étape', 'étapes')} sur ${steps} du cache`
        : `${steps} ${plural(steps, 'étape', 'étapes')}, ${pipeline}`,
    tracking: (metric, half) => list([capital(metric), half && `± ${half}`]),
    runs: (n) => plural(n, 'essai', 'essais'),
    serving: (n, version) => `${plural(n, 'requête', 'requêtes')} en 5 min, ${version}`,
    monitoring: (feedback) => `d’accord sur ${feedback}`,
    nothing: {
      framing: 'aucun indicateur',
      tracking: 'aucun essai',
      datasets: 'aucune version',
      pipelines: 'aucune exécution',
      registry: 'aucune version',
      serving: 'rien de déployé',
      monitoring: 'aucun retour',
    },
    now: (step) => `En cours : ${step}`,
    ofSteps: (done, steps) => `étape ${done} sur ${steps}`,
    progress: (done, total) => `${done} sur ${total}`,
    progressOpen: (done) => `${done} pour l’instant`,
    turn: 'des données au point d’accès',
    lastRun: 'pour la dernière exécution',
    begun: 'C’est parti',
    failed: (step) => `Échec de ${step}`,
    failedWhere: 'L’histoire dit pourquoi',
    start: 'Pas encore de tour',
    startBody: 'Chaque station se remplit quand la boucle l’atteint.',
  },
  steps: {
    title: (pipeline, number) => `Exécution de pipeline ${pipeline} #${number}`,
    summary: (done, steps, cached) =>
      list([`${done} ${plural(done, 'étape', 'étapes')} sur ${steps}`, cached > 0 ? `${cached} du cache` : null]),
    id: 'Identifiant de l’exécution',
    list: 'Étapes dans l’ordre du plan',
    status: {
      waiting: 'en attente',
      queued: 'en file',
      running: 'en cours',
      succeeded: 'faite',
      cached: 'du cache',
      failed: 'échouée',
      cancelled: 'annulée',
      lost: 'perdue',
    },
    attempt: (n) => `tentative ${n}`,
    where: (place) => `dans ${place}`,
  },
  story: {
    title: 'Dernière histoire',
    whole: 'La lire en entier',
    note: 'Un identifiant, de bout en bout',
    id: 'Identifiant de corrélation',
    digest: 'Empreinte',
    empty: 'Rien ne s’est encore passé sous un identifiant de corrélation.',
    project: (name) => `Projet ${name} créé`,
    manifest: (number) => `Manifeste ${number} appliqué`,
    changes: (n) => (n === 0 ? 'rien n’a changé' : `${n} ${plural(n, 'changement', 'changements')}`),
    dataset: (name, version) => `Version de données ${name} v${version}`,
    datasetRows: (rows, repeated) => list([`${rows} lignes`, repeated && `${repeated} à clé répétée`]),
    pipeline: (name, number, status) => {
      const words: Record<string, string> = { running: 'en cours', succeeded: 'terminée', failed: 'échouée', cancelled: 'annulée' };
      return `Exécution ${name} #${number} ${words[status] ?? status}`;
    },
    stepNow: (step, progress) => (progress === null ? step : `${step} ${progress}`),
    took: (duration) => `en ${duration}`,
    step: (step, { isLost, isRetried }) => `Étape ${step} ${isRetried ? 'tentée à nouveau' : isLost ? 'perdue' : 'échouée'}`,
    run: (name, status) => {
      const words: Record<string, string> = { finished: 'terminé', failed: 'échoué', killed: 'interrompu' };
      return `Essai ${name} ${words[status] ?? status}`;
    },
    model: (model, version) => `Version de modèle ${model} v${version} enregistrée`,
    alias: (alias, model, version) => `L’alias ${alias} désigne ${model} v${version}`,
    aliasBefore: (before) => (before === null ? 'pour la première fois' : `avant : v${before}`),
    deployment: (endpoint, status) =>
      ({
        starting: `Déploiement vers ${endpoint}`,
        ready: `Le point d’accès ${endpoint} est prêt`,
        failed: `Échec du déploiement vers ${endpoint}`,
      })[status],
    deployed: (model, version, warmUp) =>
      list([model && version !== null ? `${model} v${version}` : null, warmUp && `mise en chauffe en ${warmUp}`]),
    traffic: (requests, n) => `${requests} ${plural(n, 'requête', 'requêtes')} en 5 minutes`,
    errors: (errors, n) => (n === 0 ? 'aucune erreur' : `${errors} ${plural(n, 'erreur', 'erreurs')}`),
    p95: (duration) => `p95 ${duration}`,
    unlogged: (records, n) => `${records} ${plural(n, 'prédiction non consignée', 'prédictions non consignées')}`,
    unloggedDetail: (endpoint) => `${endpoint} a répondu, mais son journal n’a pas pu être écrit. boucle doctor dit pourquoi.`,
    feedback: (recorded, n) => `${recorded} ${plural(n, 'retour enregistré', 'retours enregistrés')}`,
    feedbackDetail: (endpoint, agreed, recorded) => `${endpoint}, réponse juste pour ${agreed} sur ${recorded}`,
  },
  decisions: {
    drift: (columns) => `Dérive de ${list(columns)}`,
    driftDetail: (endpoint, effect) => `point d’accès ${endpoint}, l’écart le plus grand est de ${effect}`,
    quality: (endpoint) => `Données défectueuses au point d’accès ${endpoint}`,
    kpi: (kpi) => `Indicateur ${kpi} manqué`,
    kpiDetail: (value, low, high, target) => `${value} (95 % : de ${low} à ${high}), objectif ${target}`,
    alert: (rule, state) => `Alerte « ${rule} » ${{ firing: 'déclenchée', acknowledged: 'prise en charge', resolved: 'levée' }[state]}`,
    notification: (channel, sent) => (sent ? `Canal ${channel} prévenu` : `Canal ${channel} injoignable`),
    retraining: (because, status) => {
      const words: Record<string, string> = { running: 'en cours', succeeded: 'terminé', failed: 'échoué', refused: 'refusé' };
      return `Réentraînement (cause : ${because}) ${words[status] ?? status}`;
    },
    retrainingDetail: (rows, version) =>
      list([rows && `${rows} lignes nouvellement étiquetées`, version !== null ? `version ${version}` : null]),
    gates: (version, passed) =>
      passed ? `Les critères laissent passer la version ${version}` : `Les critères arrêtent la version ${version}`,
    approval: (state, given, needed) =>
      ({
        asked: `${needed} ${plural(needed, 'approbation demandée', 'approbations demandées')}`,
        given: `Approuvé, ${given} sur ${needed}`,
        refused: 'Approbation refusée',
      })[state],
    rollout: (endpoint, version, status) => {
      const words: Record<string, string> = {
        running: 'en route vers',
        paused: 'en pause vers',
        promoted: 'promue à',
        rolled_back: 'retirée de',
        refused: 'refusée à',
        superseded: 'dépassée à',
      };
      return `${version === null ? 'Une version' : `Version ${version}`} ${words[status] ?? `(${status}) à`} ${endpoint}`;
    },
    staged: (stage, message) => `${stage} : ${message}`,
    stage: (stage, share) => {
      const words: Record<string, string> = {
        gates: 'critères',
        approval: 'approbation',
        loading: 'chargement',
        shadow: 'trafic miroir',
        canary: `canari à ${share}`,
        watch: 'sous surveillance',
      };
      return words[stage] ?? stage;
    },
  },
  tiles: {
    title: 'Ce qui a été mesuré',
    quality: 'Qualité du dernier modèle',
    qualityOf: (metric, rows) => capital(metric) + (rows ? ` ${rows}` : ''),
    errors: 'Requêtes échouées',
    latency: 'Latence, 95e centile',
    agreement: 'Retours concordants',
    interval: 'Intervalle à 95 %',
    count: { errors: 'Échouées en 5 min', agreement: 'Concordants' },
    of: (count, of) => `${count} sur ${of}`,
    requests: 'Requêtes en 5 min',
    runs: 'Essais',
    noInterval: 'non donné',
    filled: {
      quality: 'Remplie par le premier essai évalué',
      errors: 'Remplie par les premières requêtes',
      latency: 'Remplie par les premières requêtes',
      agreement: 'Remplie par les premiers retours',
    },
  },
  start: {
    title: 'Commencer ici',
    note: 'Quatre commandes font faire un premier tour à la boucle',
    steps: [
      'Écrire un petit projet qui tourne, et y aller',
      'Enregistrer ce qu’il déclare',
      'Ajouter les lignes dont apprendre',
      'Nettoyer, entraîner, évaluer, enregistrer',
    ],
  },
  unknown: {
    title: (project) => `Aucun projet « ${project} » ici`,
    body: 'Il porte peut-être un autre nom, ou vit sur un autre serveur. Voici les projets d’ici :',
    none: 'Il n’y a encore aucun projet ici.',
    back: (project) => `Aller à ${project}`,
    page: 'Aucune page à cette adresse',
    pageBody: 'La vue d’ensemble du projet montre tout ce qu’il y a à voir.',
    home: 'Aller à la vue d’ensemble',
  },
  problem: {
    refused: 'Le serveur a refusé',
    silent: 'Le serveur ne répond pas',
    silentBody: 'Tourne-t-il ? Lancez-le avec boucle up, puis réessayez.',
    retry: 'Réessayer',
    code: 'Code',
    requestId: 'Identifiant de la requête',
  },
};
