// Mantine's looks on the router's links: typed paths, and a real <a href> underneath.
import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type NativeLink = Omit<ComponentProps<'a'>, keyof AnchorProps | keyof ButtonProps>;

export const AnchorLink = createLink((props: AnchorProps & NativeLink) => <Anchor {...props} />);
export const ButtonLink = createLink((props: ButtonProps & NativeLink) => <Button component="a" {...props} />);
export const IconLink = createLink((props: ActionIconProps & NativeLink) => <ActionIcon component="a" {...props} />);
export const MenuLink = createLink((props: MenuItemProps & NativeLink) => <Menu.Item component="a" {...props} />);
