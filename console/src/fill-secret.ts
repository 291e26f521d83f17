import type { ClientSetup, Connections } from '../../src/console-api/contract.ts';

/** The same set-ups with the secret in the placeholder's place. The given value stays as it was: it lies in a cache. */
export function fillSecret(connections: Connections, secretKey: string | null): Connections {
  if (secretKey === null) return connections;
  const fill = (text: string): string => text.replaceAll(connections.secretPlaceholder, () => secretKey);
  const fillClient = (client: ClientSetup): ClientSetup => ({
    ...client,
    files: client.files.map((file) => ({ ...file, content: fill(file.content) })),
    commands: client.commands.map((command) => ({ ...command, text: fill(command.text) })),
    fields: client.fields.map((field) => ({ ...field, value: fill(field.value) })),
  });
  return { ...connections, clients: connections.clients.map(fillClient) };
}
