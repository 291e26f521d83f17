// The moves that most tasks begin with, made as a person makes them: by labels and roles.
import type { Page } from 'playwright-core';

export async function signInAsRoot(page: Page, root: { rootEmail: string; rootPassword: string }): Promise<void> {
  await page.goto('/projects');
  await page.getByRole('button', { name: 'Sign in with Root User Account' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill(root.rootEmail);
  await page.getByLabel('Password', { exact: true }).fill(root.rootPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
}

export async function signInAsUser(
  page: Page,
  user: { rootEmail: string; username: string; password: string },
): Promise<void> {
  await page.goto('/projects');
  await page.getByRole('button', { name: 'Sign in with IAM User Account' }).click();
  await page.getByLabel("Root user's e-mail").fill(user.rootEmail);
  await page.getByLabel('Username').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor();
}

/** From the projects list into a project's tab. */
export async function openProjectTab(page: Page, project: string, tab: string): Promise<void> {
  await page.getByRole('link', { name: `Open ${project}` }).click();
  await page.getByRole('tab', { name: tab, exact: true }).click();
}
