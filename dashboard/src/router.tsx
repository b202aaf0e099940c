import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { App } from './app/App';
import { NotFoundPage } from './app/NotFoundPage';
import { BrokenPage } from './app/BrokenPage';
import { readComposeSearch } from './compose/search';
import { readShown } from './messages/shown';
import { readReportSearch } from './reports/search';

const root = createRootRoute({ component: App, notFoundComponent: NotFoundPage });

const messages = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readShown,
  component: lazyRouteComponent(() => import('./messages/MessagesPage'), 'MessagesPage'),
});

const message = createRoute({
  getParentRoute: () => root,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('./messages/MessagePage'), 'MessagePage'),
});

const compose = createRoute({
  getParentRoute: () => root,
  path: '/compose',
  validateSearch: readComposeSearch,
  component: lazyRouteComponent(() => import('./compose/ComposePage'), 'ComposePage'),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  component: lazyRouteComponent(() => import('./queue/QueuePage'), 'QueuePage'),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  component: lazyRouteComponent(() => import('./activity/ActivityPage'), 'ActivityPage'),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('./reports/ReportsPage'), 'ReportsPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/AccountPage'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([messages, message, compose, queue, activity, reports, account]),
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
