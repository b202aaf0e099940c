import { Confirm } from '../parts/Confirm';

interface ConfirmCancelProps {
  opened: boolean;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a mail that waits is cancelled. */
export function ConfirmCancel(props: ConfirmCancelProps) {
  return (
    <Confirm title="Cancel this mail?" confirm="Cancel the mail" keep="Keep it" {...props}>
      Its draft in your Gmail is deleted, and it will not be sent.
    </Confirm>
  );
}
