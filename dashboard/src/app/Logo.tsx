import { Group, Text } from '@mantine/core';

export function Logo() {
  return (
    <Group gap={9} wrap="nowrap">
      <img src="/favicon.svg" width={26} height={26} alt="" />
      <Text fw={680} fz={17} lts="-0.02em" lh={1}>
        InboxPro
      </Text>
    </Group>
  );
}
