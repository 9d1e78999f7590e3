/** Ant Design's tokens for the two themes, in step with `styles/base.css`. */
import { theme as antd, type ThemeConfig } from 'antd'
import type { Theme } from './store/prefs.ts'

const FONT = 'system-ui, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

const shared = { fontFamily: FONT, fontSize: 15, borderRadius: 6, wireframe: false } as const

export const THEMES: Readonly<Record<Theme, ThemeConfig>> = {
  dark: {
    algorithm: antd.darkAlgorithm,
    token: {
      ...shared,
      colorPrimary: '#3b8ac7',
      colorError: '#ff6159',
      colorBgBase: '#0d1216',
      colorBgContainer: '#151c22',
      colorBgElevated: '#1c252d',
      colorBorder: '#3a4954',
      colorBorderSecondary: '#2a3640',
      colorText: '#e9eff3',
      colorTextSecondary: '#aab8c3',
      colorTextPlaceholder: '#8595a2',
    },
  },
  light: {
    algorithm: antd.defaultAlgorithm,
    token: {
      ...shared,
      colorPrimary: '#1166ab',
      colorError: '#c81e17',
      colorBorder: '#b9c4cd',
      colorBorderSecondary: '#d3dae0',
      colorText: '#14202a',
      colorTextSecondary: '#43525f',
      colorTextPlaceholder: '#5f6f7c',
    },
  },
}
