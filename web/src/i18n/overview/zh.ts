/** 总览的中文。 */
import type { en } from './en.ts'

export const zh: typeof en = {
  overview: {
    title: '企业',
    people: '井下人数',
    peopleOnSite: '在场人数',
    standing: '未恢复报警',
    unacked: '未确认',
    links: '链路',
    linksUp: (up, all) => `${up}/${all} 正常`,
    pointsLive: (live, all) => `${live}/${all} 测点实时`,
    alarms: '当前报警',
    noAlarms: '当前无报警',
    noAlarmsDetail: '没有规则处于报警状态。',
    all: (n) => `全部 ${n} 条报警`,
    open: (name) => `打开 ${name}`,
    noSites: '未配置任何企业',
    noSitesDetail: '在配置目录的 sites/ 下声明企业后重新启动服务。',
  },
}
