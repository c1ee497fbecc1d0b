extension Publication {
  /// Where data come from.
  static let data: [Publication] = [
    .alpaydin1998optical, .pedregosa2011scikit, .xiao2017fashion, .bible1769authorized,
  ]

  public static let alpaydin1998optical = Publication(
    "alpaydin1998optical", ["Alpaydin, E.", "Kaynak, C."],
    "Optical Recognition of Handwritten Digits", 1998,
    .other(publisher: "UCI Machine Learning Repository"), doi: "10.24432/C50P49")

  public static let pedregosa2011scikit = Publication(
    "pedregosa2011scikit", ["Pedregosa, Fabian", "others"],
    "Scikit-learn: Machine Learning in Python", 2011,
    .article(journal: "Journal of Machine Learning Research", volume: "12", pages: "2825–2830"))

  public static let xiao2017fashion = Publication(
    "xiao2017fashion", ["Xiao, Han", "Rasul, Kashif", "Vollgraf, Roland"],
    "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017,
    .preprint, arXiv: "1708.07747")

  public static let bible1769authorized = Publication(
    "bible1769authorized", ["Authorized Version"],
    "The Holy Bible", 1769,
    .other(publisher: "The text of Debian's package bible-kjv-text"))
}
