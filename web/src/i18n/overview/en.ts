/** English of the overview. */
export const en = {
  overview: {
    title: 'Sites',
    people: 'Underground',
    peopleOnSite: 'On site',
    standing: 'Active alarms',
    unacked: 'Unacknowledged',
    links: 'Links',
    linksUp: (up: number, all: number) => `${up} of ${all} up`,
    pointsLive: (live: number, all: number) => `${live} of ${all} points live`,
    alarms: 'Standing alarms',
    noAlarms: 'No standing alarms',
    noAlarmsDetail: 'No rule stands in alarm.',
    all: (n: number) => `All ${n} alarms`,
    open: (name: string) => `Open ${name}`,
    noSites: 'No sites are configured',
    noSitesDetail: 'Declare one under sites/ in the configuration folder and start the service again.',
  },
}
