/// What names of the demo workspace are made of; nobody in it exists.
enum DemoNames {
  static let firstNames = [
    "Ada", "Amara", "Anton", "Beatriz", "Ben", "Carla", "Chen", "Dana", "David", "Elif", "Emma", "Farid", "Fiona",
    "Gabriel", "Greta", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kaia", "Kofi", "Lara", "Leon", "Lucia",
    "Maya", "Mateo", "Mina", "Nadia", "Noah", "Olga", "Omar", "Paula", "Pavel", "Rosa", "Ravi", "Sara", "Sven", "Tara",
    "Tomas", "Uma", "Viktor", "Wanda", "Yara", "Zoe",
  ]

  static let lastNames = [
    "Adeyemi", "Almeida", "Bauer", "Bianchi", "Brandt", "Carvalho", "Castell", "Dubois", "Eriksen", "Farrow", "Fischer",
    "Fontaine", "Garcia", "Haddad", "Hansen", "Holm", "Ibarra", "Ivanova", "Jansen", "Kaur", "Keller", "Kowal",
    "Larsen",
    "Lehmann", "Lindqvist", "Marino", "Mensah", "Moreau", "Novak", "Nowak", "Okafor", "Olsen", "Osei", "Pereira",
    "Petrov", "Quist", "Reyes", "Rossi", "Santos", "Schmid", "Silva", "Tanaka", "Torres", "Varga", "Vasquez", "Weber",
    "Wirth", "Yilmaz", "Zimmer",
  ]

  static let companyHeads = [
    "Alderpoint", "Amberline", "Arcwell", "Ashgrove", "Balticstone", "Beaconfold", "Birchway", "Bluequarry",
    "Brightwater", "Cairnfield", "Calderon", "Cedarlake", "Clearharbor", "Coppervale", "Crestmoor", "Dawnfield",
    "Deepriver", "Eastmark", "Elmhurst", "Fairhaven", "Fenwick", "Foxglove", "Glenrock", "Goldleaf", "Greyfriar",
    "Halden", "Harrowgate", "Highmeadow", "Hollowell", "Ironwood", "Juniper", "Kestrel", "Kingsley", "Lakeshore",
    "Larkspur", "Longreach", "Maplewood", "Marlowe", "Millbrook", "Northwind", "Oakhaven", "Ostrava", "Pinecrest",
    "Quarrystone", "Ravenscar", "Redfern", "Riverstone", "Rookwood", "Saltmarsh", "Silverbirch", "Southgate",
    "Stonebridge", "Summerset", "Thornfield", "Timberline", "Umberland", "Valemont", "Westbrook", "Whitecliff",
    "Wrenfield",
  ]

  static let companyTails = [
    ("Analytics", "Software"), ("Systems", "Software"), ("Cloud", "Software"), ("Robotics", "Manufacturing"),
    ("Instruments", "Manufacturing"), ("Logistics", "Logistics"), ("Freight", "Logistics"), ("Health", "Healthcare"),
    ("Diagnostics", "Healthcare"), ("Energy", "Energy"), ("Solar", "Energy"), ("Capital", "Financial services"),
    ("Payments", "Financial services"), ("Learning", "Education"), ("Foods", "Retail"), ("Outfitters", "Retail"),
  ]

  static let places = [
    ("Berlin", "Germany"), ("Munich", "Germany"), ("Vienna", "Austria"), ("Zurich", "Switzerland"), ("Paris", "France"),
    ("Lyon", "France"), ("Amsterdam", "Netherlands"), ("Copenhagen", "Denmark"), ("Stockholm", "Sweden"),
    ("London", "United Kingdom"), ("Manchester", "United Kingdom"), ("Dublin", "Ireland"), ("Lisbon", "Portugal"),
    ("Madrid", "Spain"), ("Milan", "Italy"), ("Warsaw", "Poland"), ("Prague", "Czechia"), ("New York", "United States"),
    ("Austin", "United States"), ("Toronto", "Canada"),
  ]

  static let titles = [
    "CEO", "Founder", "CTO", "CMO", "Chief Revenue Officer", "VP Sales", "VP Marketing", "VP Engineering", "VP Growth",
    "Head of Sales", "Head of Growth", "Head of Revenue Operations", "Head of Data", "Director of Marketing",
    "Director of Sales", "Sales Manager", "Marketing Manager", "Revenue Operations Manager", "Product Manager",
    "Account Executive", "Data Analyst", "Growth Analyst", "Customer Success Manager", "Demand Generation Manager",
  ]

  static let stages = [
    ("lead", 40), ("prospect", 17), ("mql", 11), ("sql", 8), ("opportunity", 9), ("customer", 12), ("subscriber", 3),
  ]
}
