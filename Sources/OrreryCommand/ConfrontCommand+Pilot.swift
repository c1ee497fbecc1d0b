import Foundation
import OrreryReports
import OrreryStudies

extension ConfrontCommand {
  /// A handful of initializations and learning rates, trained for a while.
  func runPilot(_ studies: [LoadedStudy]) throws {
    let progress = options.progress
    var request = PilotRequest()
    if let pilotNetworks { request.networks = pilotNetworks }
    if let pilotSteps { request.steps = pilotSteps }
    let pilots = try studies.map { try Pilot($0, request) }
    let archive = try archive.open()
    var findings: [PilotFinding] = []
    for (index, pilot) in pilots.enumerated() {
      let folder = report.map { ReportFolder(path: $0, point: studies.count > 1 ? index + 1 : nil) }
      try folder?.prepare()
      try folder?.setAside()
      // On disk before the first network is drawn: what was predicted cannot follow what was measured.
      try folder?.write(try JSONText.encode(pilot.forecast), to: "forecast.json")
      let finding = try pilot.run(
        archive, report: { progress.show("\($0), \(Int($1 * 100)) %") },
        isCancelled: { Interruption.isRequested })
      progress.clear()
      try folder?.write(finding)
      findings.append(finding)
    }
    let sweep = PilotSweep(findings)
    if let report, findings.count > 1 { try ReportFolder(path: report, point: nil).write(sweep.page()) }
    if options.json {
      try StandardOutput.print(JSONText.encode(list: findings))
    } else {
      try StandardOutput.print(findings.count == 1 ? findings[0].summary : sweep.summary, terminator: "")
      if let report { try StandardOutput.print("Report: \(URL(filePath: report).appending(path: "index.html").path)") }
    }
  }
}

extension ReportFolder {
  fileprivate func write(_ finding: PilotFinding) throws {
    try write(try JSONText.encode(finding), to: "pilot.json")
    try write(finding.page())
    removePrevious()
  }
}
