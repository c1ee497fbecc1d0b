import Foundation
import OrreryReports
import OrreryTestSupport
import Testing

@Suite struct GalleryPageTests {
  @Test func writesTheGallery() throws {
    let html = GalleryPage.page.html()
    let check = HTMLChecker(html)
    #expect(check.faults.isEmpty, "\(check.faults)")
    if let folder = ProcessInfo.processInfo.environment["ORRERY_SAMPLE_PAGE"] {
      try GalleryPage.page.write(to: folder + "/gallery.html")
    }
  }

  @Test(arguments: GalleryPage.plots.indices)
  func everyPlotIsWellFormedInBothSizes(index: Int) throws {
    for size in [Plot.Size.column, .wide] {
      let tree = MarkupTree(GalleryPage.plots[index].inlineSVG(id: "p", size: size))
      #expect(tree.failure == nil)
      let root = try #require(tree.root)
      #expect(root.number("width") == (size == .column ? 400 : 720))
      for text in tree.named("text") where text.attributes["transform"] == nil {
        let width =
          text.allText.isEmpty ? 0 : InlineText(verbatim: text.allText).width(fontSize: text.has("n") ? 10.5 : 12)
        let shares: [String?: Double] = ["middle": 0.5, "end": 1]
        let share = shares[text.attributes["text-anchor"]] ?? 0
        let left = text.number("x") - share * width
        // A title may be set a little larger than the 12 pixels assumed here.
        #expect(left > -4 && left + width < root.number("width") + 4, "\(text.allText)")
      }
    }
  }

  @Test(arguments: GalleryPage.plots.indices)
  func labelsOnTheLeftDoNotTouchOneAnother(index: Int) {
    let tree = MarkupTree(GalleryPage.plots[index].svg())
    let heights = tree.all("t").filter { $0.attributes["text-anchor"] == "end" }.map { $0.number("y") }.sorted()
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 - $0 > 13 }, "\(heights)")
  }

  @Test func longTitlesBreak() {
    let titles = MarkupTree(GalleryPage.crowded.svg()).all("h")
    #expect(titles.count == 2)
    #expect(titles.map(\.allText).joined(separator: " ") == GalleryPage.crowded.title.plain)
  }

  @Test func commonPowersStandBesideTheAxis() {
    let labels = MarkupTree(GalleryPage.large.svg()).all("t").map(\.allText)
    #expect(labels.contains("×1012"), "×10 with a raised 12 on the y axis")
    #expect(GalleryPage.large.svg().contains("parameters (×10"))
  }

  @Test func directLabelsTakeTheColourOfTheirCurve() {
    let tree = MarkupTree(GalleryPage.direct.svg())
    let labelled = tree.named("g").filter { $0.children.first?.has("l") == true }
    let classes = Dictionary(
      uniqueKeysWithValues: labelled.map { ($0.children[0].allText, $0.attributes["class"] ?? "") })
    #expect(["ReLU", "tanh", "GELU", "erf"].map { classes[$0] } == ["c0 own", "c1 own", "c2 own", "c3 own"])
  }
}
