import OrreryReports
import Testing

@Suite struct HeatMapTests {
  static func plot(_ map: HeatMapLayer, x: PlotAxis = PlotAxis("x"), y: PlotAxis = PlotAxis("y")) -> Plot {
    Plot(x: x, y: y, layers: [.heatMap(map)])
  }

  @Test func coversItsEdgesExactly() throws {
    let map = HeatMapLayer("v", xEdges: [0, 1, 2], yEdges: [0, 1, 2, 3], values: [0, 1, 2, 3, 4, 5])
    let tree = MarkupTree(Self.plot(map).svg())
    let frame = try #require(tree.named("clipPath").first?.children.first)
    let picture = try #require(tree.named("image").first)
    for attribute in ["x", "y", "width", "height"] {
      #expect(abs(picture.number(attribute) - frame.number(attribute)) < 0.02)
    }
    #expect(tree.named("image").count == 2, "The cells and the colour bar.")
  }

  @Test func regularCellsAreOnePixelEach() {
    let linear = HeatMapLayer("v", xEdges: [0, 1, 2, 3], yEdges: [0, 1, 2], values: Array(repeating: 1, count: 6))
    let irregular = HeatMapLayer("v", xEdges: [0, 1, 2, 30], yEdges: [0, 1, 2], values: Array(repeating: 1, count: 6))
    let log = HeatMapLayer("v", xEdges: [1, 10, 100, 1000], yEdges: [0, 1, 2], values: Array(repeating: 1, count: 6))
    let small = Self.plot(linear).svg().utf8.count
    #expect(Self.plot(irregular).svg().utf8.count > small + 50_000)
    #expect(Self.plot(log, x: .log("x")).svg().utf8.count < small + 500)
    #expect(Self.plot(log).svg().utf8.count > small + 50_000)
  }

  @Test func longTitlesRunAlongTheBarShortOnesStandAbove() throws {
    func turned(_ title: InlineText) -> Bool {
      let map = HeatMapLayer(title, xEdges: [0, 1], yEdges: [0, 1], values: [1])
      return MarkupTree(Self.plot(map).svg()).all("a").contains {
        $0.allText == title.plain && $0.attributes["transform"] != nil
      }
    }
    #expect(!turned("v"))
    #expect(turned("a long name for the values"))
  }

  @Test func divergingMapsArePaleAtTheCentre() {
    let map = ColorMap.diverging(center: 1)
    let middle = map.color(0.5)
    #expect([middle.0, middle.1, middle.2].allSatisfy { $0 > 220 })
    #expect(map.color(0).2 > map.color(0).0, "blue below")
    #expect(map.color(1).0 > map.color(1).2, "orange above")
  }

  @Test func sequentialMapGrowsLighter() {
    let light = stride(from: 0.0, through: 1, by: 0.02).map { part -> Double in
      let color = ColorMap.sequential.color(part)
      return 0.2126 * Double(color.0) + 0.7152 * Double(color.1) + 0.0722 * Double(color.2)
    }
    #expect(zip(light, light.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColorMap.sequential.color(-3) == ColorMap.sequential.color(0))
    #expect(ColorMap.sequential.color(7) == ColorMap.sequential.color(1))
  }

  @Test func logarithmicValuesAndGaps() {
    let map = HeatMapLayer(
      "v", xEdges: [0, 1, 2], yEdges: [0, 1], values: [1e-6, 0], scale: .logarithmic, range: 1e-8...1)
    let svg = Self.plot(map).svg()
    #expect(MarkupTree(svg).failure == nil)
    #expect(svg.contains("−8"))
  }
}
