import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryStudies
import OrreryTestSupport
import Testing

/// The report of a finding as a page.
@Suite(.tags(.process)) struct FindingPageTests {
  /// Networks at their critical point, off it, without one, and with kernels that grow with depth.
  static let findings: [(String, Result<Finding, any Error>)] = [
    ("tanh", ActivationFunction.tanh, Initialization.critical), ("relu", .relu, .named(.pytorchLinear)),
    ("softplus", .softplus, .named(.lecun)),
    ("gelu", .gelu, .uniform(LayerInitialization(weightVariance: 3, biasVariance: 0.1))),
  ].map { name, function, initialization in
    let study = SmallStudies.synthetic(function, initialization: initialization)
    return (name, Result { try StudyConfrontation(LoadedStudy(study), hasTraining: false).run() })
  }

  private func finding(_ index: Int) throws -> Finding { try Self.findings[index].1.get() }

  @Test(arguments: 0..<4)
  func pagesObeyTheLawsOfHTML(index: Int) throws {
    let html = try finding(index).page().html()
    let check = HTMLChecker(html)
    #expect(check.faults.isEmpty, "\(Self.findings[index].0): \(check.faults)")
    #expect(html.hasPrefix("<!doctype html>") || html.hasPrefix("<!DOCTYPE html>"))
    #expect(check.addresses.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("https://") })
    for forbidden in ["<img", "<iframe", "src=", "@import", "url(http"] { #expect(!html.contains(forbidden)) }
    #expect(!html.contains(NSTemporaryDirectory()))
  }

  @Test(arguments: 0..<4)
  func everyFigureIsOnThePage(index: Int) throws {
    let page = try finding(index).page()
    let html = page.html()
    let names = page.figures.map(\.name)
    #expect(Set(names).count == names.count)
    for figure in page.figures {
      #expect(html.contains("data-save=\"\(figure.name)\""), "\(figure.name)")
      let svg = figure.plot.svg()
      #expect(svg.contains("<svg") && !svg.lowercased().contains("nan"), "\(figure.name)")
      #expect(figure.plot.csv.split(whereSeparator: \.isNewline).count > 1, "\(figure.name) has no data")
    }
    #expect(names.contains("phase-diagram"))
    #expect(names.count >= 6)
  }

  /// Numbers are written as numbers, or as a word that says why there is none.
  @Test(arguments: 0..<4)
  func nothingReadsAsNaN(index: Int) throws {
    let finding = try finding(index)
    for text in [finding.summary, finding.page().html()] {
      let words = text.split { !$0.isLetter }.map { $0.lowercased() }
      #expect(!words.contains("nan"), "\(Self.findings[index].0)")
      #expect(!text.contains("Optional("))
    }
  }

  @Test func theSummaryCountsEveryComparison() throws {
    let finding = try finding(0)
    #expect(finding.summary.contains("\(finding.allConfrontations.count) comparisons"))
    for (verdict, count) in finding.verdictCounts {
      #expect(finding.summary.contains("\(count) \(verdict.phrase(count: count))"))
    }
  }

  @Test func theResolvedDescriptionIsOnThePage() throws {
    let finding = try finding(0)
    let html = finding.page().html()
    #expect(html.contains(finding.hash.prefix(12)))
    #expect(html.contains(finding.forecast.study.dataDigest))
    #expect(html.contains("weight-variance"))
  }

  @Test(.enabled(if: HeadlessBrowser.path != nil, "There is no Chromium."), .timeLimit(.minutes(2)))
  func browsersOpenItWithoutComplaint() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "index.html").path
      try Data(try finding(0).page().html().utf8).write(to: URL(fileURLWithPath: file))
      let (dom, log) = try HeadlessBrowser.open(file)
      #expect(!log.contains("CONSOLE"), "\(log)")
      #expect(dom.contains("phase-diagram"))
    }
  }
}
