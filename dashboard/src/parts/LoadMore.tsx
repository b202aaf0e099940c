import { Button } from '@mantine/core';

interface LoadMoreProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  /** "Load older messages" */
  children: string;
}

/** Fetches the next page of a list; nothing when there is none. */
export function LoadMore({ list, children }: LoadMoreProps) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="default"
      size="xs"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {children}
    </Button>
  );
}
