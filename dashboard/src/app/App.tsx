import { Box, Center, Loader } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { FeedProvider } from '../activity/Feed';
import { Failure } from '../parts/Failure';
import { accountQuery, isSignedOut } from './queries';
import { Shell } from './Shell';
import { SignedOutPage } from './SignedOutPage';

export function App() {
  return (
    <>
      <Notifications position="bottom-right" limit={4} />
      <SignedInOrOut />
    </>
  );
}

/** Everything stands on who is signed in. */
function SignedInOrOut() {
  const account = useQuery({
    ...accountQuery,
    refetchOnWindowFocus: true,
  });
  if (isSignedOut(account.error) || account.data?.state === 'disconnected')
    return <SignedOutPage />;
  if (account.data)
    return (
      <FeedProvider>
        <Shell account={account.data}>
          <Outlet />
        </Shell>
      </FeedProvider>
    );
  if (account.error)
    return (
      <Box maw={560} mx="auto" px="md" pt="20vh">
        <Failure what="InboxPro cannot be reached" error={account.error} retry={account.refetch} />
      </Box>
    );
  return (
    <Center h="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
