import OrreryReports
import Testing

@Suite struct PlotCSVTests {
  @Test func headersCarryNamesAndUnits() {
    let plot = Plot(
      x: PlotAxis("width n", unit: "neurons"), y: PlotAxis("K^(ℓ)"),
      layers: [
        .line("theory, order 1/n", x: [1, 2], y: [0.5, 1.0 / 3]),
        .points("measured \"well\"", x: [1], y: [.nan], yError: [0.25]),
      ])
    #expect(
      plot.csv == """
        series,width n [neurons],K^(ℓ),K^(ℓ) error
        "theory, order 1/n",1,0.5,
        "theory, order 1/n",2,0.3333333333333333,
        "measured ""well""\",1,,0.25

        """)
  }

  @Test func everyKindOfLayerIsThere() {
    let plot = Plot(
      x: PlotAxis("x"), y: PlotAxis("", unit: "m"),
      layers: [
        .band("b", x: [1], lower: [2], upper: [3]), .histogram("h", edges: [0, 1, 2], heights: [4, 5]),
        .heatMap(HeatMapLayer("value", unit: "K", xEdges: [0, 1], yEdges: [2, 3], values: [7])),
        .horizontal("r", at: 8), .vertical("v", at: 9), .mark("m", x: 1, y: 2),
        .points("p", x: [1], y: [2], xError: [0.5]),
      ])
    let lines = plot.csv.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "series,x,x error,x lower edge,x upper edge,y [m],y lower [m],y upper [m],value [K]",
        "b,1,,,,,2,3,", "h,,,0,1,4,,,", "h,,,1,2,5,,,", "value,,,0,1,,2,3,7", "r,,,,,8,,,", "v,9,,,,,,,", "m,1,,,,2,,,",
        "p,1,0.5,,,2,,,",
      ])
  }

  @Test func emptyPlotHasAHeader() {
    #expect(Plot(x: PlotAxis(""), y: PlotAxis("")).csv == "series,x,y\n")
  }

  @Test func numbersReadBackExactly() {
    let values = [0.1, 1.0 / 3, 6.02214076e23, -1e-300, 123456789.125]
    let plot = Plot(x: PlotAxis("x"), y: PlotAxis("y"), layers: [.line("a", x: values, y: values.reversed())])
    let read = plot.csv.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").dropFirst().map { Double($0) }
    }
    #expect(read.map { $0[0] } == values)
    #expect(read.map { $0[1] } == values.reversed())
  }
}
