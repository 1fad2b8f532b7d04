import type { StoryWords } from './words-en.ts';

const plural = (n: number, one: string, other: string): string => (n < 2 ? one : other);

export const fr: StoryWords = {
  question: 'Quelle en est la cause, et qu’en est-il sorti ?',
  list: 'Histoires, la plus récente d’abord',
  title: (told) => {
    switch (told.kind) {
      case 'retraining':
        return `Réentraînement (cause : ${told.because})`;
      case 'rollout':
        return `Version ${told.version} de ${told.model} en route vers le point d’accès ${told.endpoint}`;
      case 'deployment':
        return `Version ${told.version} de ${told.model} au point d’accès ${told.endpoint}`;
      case 'pipeline':
        return `Exécution ${told.number} du pipeline ${told.name}`;
      case 'dataset':
        return `Version ${told.number} du jeu de données ${told.name}`;
      case 'model':
        return `Version ${told.number} du modèle ${told.name}`;
    }
  },
  state: { running: 'En cours', good: 'Bien finie', attention: 'À surveiller', bad: 'Mal tournée' },
  chapters: (count, n) => `${count} ${plural(n, 'chapitre', 'chapitres')}`,
  all: 'Toutes les histoires',
  events: (count, n) => `d’après ${count} ${plural(n, 'événement', 'événements')}`,
  chaptersTitle: 'Ce qui s’est passé',
  chaptersNote: 'Chaque phrase renvoie à ce qui permet de la vérifier',
  tone: { good: 'Bon', attention: 'À surveiller', bad: 'Mauvais' },
  station: {
    framing: 'Cadrage',
    datasets: 'Données',
    pipelines: 'Pipelines',
    tracking: 'Suivi',
    registry: 'Registre',
    governance: 'Gouvernance',
    serving: 'Service',
    monitoring: 'Surveillance',
    rollouts: 'Déploiements',
  },
  evidence: (to) => {
    switch (to.kind) {
      case 'rollout':
        return 'le déploiement progressif';
      case 'window':
        return 'la fenêtre';
      case 'alert':
        return 'l’alerte';
      case 'story':
        return 'l’histoire';
      case 'evidence':
        return 'ses preuves';
      case 'approval':
        return 'l’approbation';
      case 'pipelineRun':
        return 'l’exécution de pipeline';
      case 'endpoint':
        return `point d’accès ${to.name}`;
      default:
        return to.name;
    }
  },
  raw: 'en JSON',
  empty: {
    title: 'Pas encore d’histoire',
    body: 'Une histoire commence avec ce qui met la boucle en mouvement : une exécution de pipeline, de nouvelles données, une dérive, une alerte ou un déploiement progressif. Tout ce qui en découle est raconté ici.',
    next: 'Pour en commencer une :',
  },
};
